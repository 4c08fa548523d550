package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"presage/api/port"
)

func registerProbes(engine *gin.Engine, d Deps) {
	engine.GET("/livez", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "alive"}) })
	engine.GET("/readyz", func(c *gin.Context) {
		parts, ready := port.CheckAll(c.Request.Context(), d.Checks)
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
