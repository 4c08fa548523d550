package api

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
)

// logRequests writes one record a request with the route's pattern: paths hold
// VINs and tokens, patterns do not. Probes are quiet unless they fail.
func logRequests(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now() //nolint:forbidigo // a duration of the wall, not of the demo's clock
		c.Next()
		level := slog.LevelInfo
		switch route := c.FullPath(); {
		case c.Writer.Status() >= http.StatusInternalServerError:
			level = slog.LevelError
		case route == "/livez" || route == "/readyz" || route == "/metrics" || route == "/static/*file":
			level = slog.LevelDebug
		}
		log.LogAttrs(c.Request.Context(), level, "request",
			slog.String("method", c.Request.Method),
			slog.String("route", c.FullPath()),
			slog.Int("status", c.Writer.Status()),
			slog.Int("bytes", max(0, c.Writer.Size())),
			slog.Duration("took", time.Since(start)))
	}
}

// recoverPanics answers 500 and keeps the process; the stack goes to the log.
func recoverPanics(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so as well
				panic(v)
			}
			log.ErrorContext(c.Request.Context(), "panic", "route", c.FullPath(), "value", v, "stack", string(debug.Stack()))
			if !c.Writer.Written() {
				c.AbortWithStatusJSON(http.StatusInternalServerError, gin.H{"title": "Internal Server Error", "status": 500})
			}
		}()
		c.Next()
	}
}

// secureHeaders holds for every answer; the documentation page loosens styles for itself.
func secureHeaders() gin.HandlerFunc {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer") // links hold tokens
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		c.Next()
	}
}
