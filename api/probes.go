package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"presage/api/port"
)

// checkTimeout bounds each part's answer to /readyz.
const checkTimeout = 2 * time.Second

// partState is one line of /readyz.
type partState struct {
	Name   string `json:"name"`
	Ready  bool   `json:"ready"`
	Reason string `json:"reason,omitempty"`
}

func registerProbes(engine *gin.Engine, d Deps) {
	engine.GET("/livez", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "alive"}) })
	engine.GET("/readyz", func(c *gin.Context) {
		parts, ready := checkAll(c.Request.Context(), d)
		status := http.StatusOK
		if !ready {
			status = http.StatusServiceUnavailable
		}
		c.JSON(status, gin.H{"ready": ready, "parts": parts})
	})
	if d.Metrics != nil {
		engine.GET("/metrics", gin.WrapH(promhttp.HandlerFor(d.Metrics, promhttp.HandlerOpts{DisableCompression: true})))
	}
}

// checkAll asks every part at the same time.
func checkAll(ctx context.Context, d Deps) (parts []partState, ready bool) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	parts = make([]partState, len(d.Checks))
	done := make(chan struct{})
	for i, check := range d.Checks {
		go func() {
			defer func() { done <- struct{}{} }()
			parts[i] = partState{Name: check.Name, Ready: true}
			if err := check.Ready(ctx); err != nil {
				_, degraded := errors.AsType[*port.DegradedError](err)
				parts[i].Ready, parts[i].Reason = degraded, err.Error()
			}
		}()
	}
	ready = true
	for range d.Checks {
		<-done
	}
	for _, p := range parts {
		ready = ready && p.Ready
	}
	return parts, ready
}
