package api

import (
	"cmp"
	"log/slog"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"presage/api/access"
	"presage/api/problem"
	"presage/api/ready"
)

// registerProbes mounts what machines ask: /livez and /readyz in the open,
// /metrics with the key.
func registerProbes(engine *gin.Engine, d Deps, guard *access.Guard) {
	engine.GET("/livez", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "alive"}) })
	told := &toldReasons{log: d.Logger, last: map[string]string{}}
	engine.GET("/readyz", func(c *gin.Context) {
		parts, ready := ready.All(c.Request.Context(), d.Checks)
		status := http.StatusOK
		if !ready {
			status = http.StatusServiceUnavailable
		}
		told.tell(parts)
		if guard.Check(c.Request) != nil {
			parts = brief(parts)
		}
		c.JSON(status, gin.H{"ready": ready, "parts": parts})
	})
	if d.Metrics == nil {
		return
	}
	metrics := promhttp.HandlerFor(d.Metrics, promhttp.HandlerOpts{DisableCompression: true})
	engine.GET("/metrics", func(c *gin.Context) {
		if err := guard.Check(c.Request); err != nil {
			status, detail := problem.Of(err)
			if status == http.StatusForbidden {
				status = http.StatusUnauthorized
				c.Header("WWW-Authenticate", "Bearer")
			}
			c.String(status, detail+"\nor set http.metrics_addr for a listener of its own without a key\n")
			return
		}
		metrics.ServeHTTP(c.Writer, c.Request)
	})
}

// brief is what somebody without a key may read: reasons hold addresses, names
// of databases and paths.
func brief(parts []ready.Part) []ready.Part {
	out := make([]ready.Part, len(parts))
	for i, p := range parts {
		switch {
		case !p.Ready:
			p.Reason = "not ready"
		case p.Reason != "":
			p.Reason = "works with a limitation"
		}
		p.Detail = ""
		out[i] = p
	}
	return out
}

// toldReasons logs the reason of a part when it is another one than before.
type toldReasons struct {
	log  *slog.Logger
	mu   sync.Mutex
	last map[string]string // by part; as many as there are parts
}

func (t *toldReasons) tell(parts []ready.Part) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range parts {
		state := cmp.Or(p.Detail, p.Reason)
		if !p.Ready {
			state = "not ready: " + state
		}
		if state == t.last[p.Name] {
			continue
		}
		t.last[p.Name] = state
		if state == "" {
			state = "ready"
		}
		t.log.Warn("readiness", slog.String("part", p.Name), slog.String("state", state))
	}
}
