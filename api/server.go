package api

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzhttp"

	"presage/api/access"
	"presage/api/problem"
	"presage/api/rest"
	"presage/api/web"
)

// New wires the JSON API, the pages and the probes over d into one handler.
// The error names every fault of the configuration and every missing
// dependency. The handler is safe for concurrent use and holds no state but
// what it was given.
func New(c Config, d Deps) (http.Handler, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := d.Validate(); err != nil {
		return nil, err
	}
	guard := newGuard(c, d)
	site, err := web.New(web.Config{
		SecureCookies: c.TLS || strings.HasPrefix(c.PublicURL, "https://"), Zone: c.Zone,
	}, d.Web, guard)
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	engine := newEngine(d)
	if err := registerOperations(engine, c, d, guard); err != nil {
		return nil, err
	}
	registerProbes(engine, d, guard)
	for path, hook := range d.Hooks {
		engine.POST("/hooks/"+strings.TrimPrefix(path, "/"), gin.WrapH(hook))
	}
	site.Mount(engine)
	engine.NoRoute(func(c *gin.Context) { notServed(c, site, http.StatusNotFound) })
	engine.NoMethod(func(c *gin.Context) { otherMethod(c, site) })

	compressed, err := gzhttp.NewWrapper(gzhttp.MinSize(1024))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return compressed(sameOrigin(heads(engine))), nil
}

// notServed answers programs with a problem and people with a page.
func notServed(c *gin.Context, site *web.Site, status int) {
	if status == http.StatusNotFound && !strings.HasPrefix(c.Request.URL.Path, "/v1/") {
		site.NotFound(c)
		return
	}
	c.Header("Content-Type", "application/problem+json")
	c.JSON(status, huma.ErrorModel{
		Title: http.StatusText(status), Status: status, Detail: "no operation at this path and method; see /openapi.json",
	})
}

// registerOperations mounts the JSON API behind the guard, and its description in the open.
func registerOperations(engine *gin.Engine, c Config, d Deps, guard *access.Guard) error {
	conf := huma.DefaultConfig("Presage", c.Version)
	conf.Info.Description = "Predictive maintenance for connected vehicles: prognoses, cases, bookings and parts demand."
	conf.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	conf.Servers = []*huma.Server{{URL: cmp.Or(c.PublicURL, "/")}}
	for _, tag := range [][2]string{
		{"Vehicles", "Vehicles, their health and their secrets"},
		{"Cases", "Needs of vehicles for service, from the decision to the finding"},
		{"Bookings", "Appointments, visits and what workshops found"},
		{"Parts", "Demand for parts, stock and planners' figures"},
		{"Messages", "What was said to customers"},
		{"Data quality", "What could not be taken in, and why"},
		{"Telemetry", "What vehicles measure, by HTTP"},
		{"Dealer's systems", "What changes, told to systems of others, and what they say"},
		{"Accounts", "Who works with the service, and who may do what"},
		{"Operation", "Running the service"},
	} {
		conf.Tags = append(conf.Tags, &huma.Tag{Name: tag[0], Description: tag[1]})
	}
	conf.DocsPath = "" // served by the pages from embedded files
	conf.SchemasPath = ""
	conf.CreateHooks = nil
	conf.RejectUnknownQueryParameters = true // a filter that is misspelt must not select everything
	conf.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"vehicle": {Type: "http", Scheme: "basic", Description: "A VIN and its secret, or an account of mqtt.gateways"},
		"bearer":  {Type: "http", Scheme: "bearer", Description: "The admin key, or a person's own"},
	}
	a := humagin.New(engine, conf)
	a.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		err := guard.Check(humagin.Unwrap(ctx).Request)
		if err == nil {
			next(ctx)
			return
		}
		status, detail := problem.Of(err)
		_, noRight := errors.AsType[access.NoRightError](err)
		switch {
		case status == http.StatusForbidden && !noRight: // nobody is logged in
			status = http.StatusUnauthorized
			ctx.SetHeader("WWW-Authenticate", "Bearer")
		case status == http.StatusTooManyRequests:
			ctx.SetHeader("Retry-After", access.RetryAfter)
		}
		if err := huma.WriteErr(a, ctx, status, detail); err != nil {
			d.Logger.WarnContext(ctx.Context(), "refusal was not written", "error", err)
		}
	})
	d.REST.Zone, d.REST.Links = c.Zone, guard
	if err := rest.Register(a, d.REST); err != nil {
		return fmt.Errorf("operations: %w", err)
	}
	if d.Intake != nil {
		engine.POST(rest.TelemetryPath, gin.WrapH(d.Intake.Handler(guard.Check)))
		rest.DescribeTelemetry(a)
	}
	return nil
}

// sameOrigin refuses state-changing requests that a browser sends from another
// site. Programs (no Sec-Fetch-Site, no Origin) pass.
func sameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	// One click in a mail program, of whatever site (RFC 8058): the token alone
	// lets it in, and it can do nothing else.
	p.AddInsecureBypassPattern("POST /u/{token}")
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"title":"Forbidden","status":403,"detail":"the request came from another site"}` + "\n"))
	}))
	return p.Handler(next)
}
