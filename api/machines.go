package api

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"presage/api/access"
	"presage/api/rest"
)

// NewMachines is New for a process that serves no people: the probes, the metrics, and
// telemetry by HTTP where d.Intake is set. Everything else is answered 404.
func NewMachines(c Config, d Deps) (http.Handler, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := d.Validate(); err != nil {
		return nil, err
	}
	engine, guard := newEngine(d), newGuard(c, d)
	registerProbes(engine, d, guard)
	if d.Intake != nil {
		engine.POST(rest.TelemetryPath, gin.WrapH(d.Intake.Handler(guard.Check)))
	}
	elsewhere := func(c *gin.Context) {
		c.Header("Content-Type", "application/problem+json")
		c.JSON(http.StatusNotFound, huma.ErrorModel{
			Title: http.StatusText(http.StatusNotFound), Status: http.StatusNotFound,
			Detail: "this process does not serve the API: ask one that has the role api",
		})
	}
	engine.NoRoute(elsewhere)
	engine.NoMethod(elsewhere)
	return sameOrigin(heads(engine)), nil
}

func newGuard(c Config, d Deps) *access.Guard {
	wall := time.Now //nolint:forbidigo // logins live in wall time, whatever the demo's clock says
	return access.New(access.Config{Key: c.AdminKey, Logins: d.Logins, Accounts: d.Persons, Log: d.Logger, Now: wall})
}

func newEngine(d Deps) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.Use(logRequests(d.Logger), recoverPanics(d.Logger), secureHeaders(), plainAccept())
	engine.HandleMethodNotAllowed = true
	engine.UseRawPath = true // a part number may hold a slash, sent as %2F
	return engine
}
