package api

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"presage/api/access"
	"presage/api/rest"
	"presage/internal/throttle"
)

// requestID is the header that names a request, in the answer and in the log.
const requestID = "X-Request-Id"

// logRequests writes one record a request: its ID, who it was and a part of the
// address, and the route's pattern, for paths hold VINs and tokens. Nothing in
// it is the caller's own text. Probes are quiet unless they fail.
func logRequests(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now() //nolint:forbidigo // a duration of the wall, not of the demo's clock
		id := newRequestID()
		c.Header(requestID, id)
		ctx, user := access.Watch(c.Request.Context())
		c.Request = c.Request.WithContext(ctx)
		method := knownMethod(c.Request.Method)
		c.Next()
		level := slog.LevelInfo
		switch route := c.FullPath(); {
		case route == rest.TelemetryPath && quietStatus(c.Writer.Status()):
			level = slog.LevelDebug
		case c.Writer.Status() >= http.StatusInternalServerError:
			level = slog.LevelError
		case route == "/livez" || route == "/readyz" || route == "/metrics" || route == "/static/*file":
			level = slog.LevelDebug
		}
		log.LogAttrs(ctx, level, "request",
			slog.String("id", id),
			slog.String("method", method),
			slog.String("route", c.FullPath()),
			slog.String("user", user()),
			slog.String("from", throttle.Network(access.Remote(c.Request))),
			slog.Int("status", c.Writer.Status()),
			slog.Int("bytes", max(0, c.Writer.Size())),
			slog.Duration("took", time.Since(start)))
	}
}

// quietStatus is what a fleet that posts is answered all day; it is counted.
func quietStatus(status int) bool {
	return status < http.StatusBadRequest || status == http.StatusTooManyRequests ||
		status == http.StatusServiceUnavailable
}

// newRequestID is ours alone: one that a caller sends could be anything.
func newRequestID() string {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // never fails: the program would have been stopped
	return hex.EncodeToString(raw[:])
}

// knownMethod keeps a made-up method, which may be any word, out of the log.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return method
	}
	return "other"
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
