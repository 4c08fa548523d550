package api_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/api"
	"presage/api/ready"
	"presage/api/web"
)

func TestReadiness(t *testing.T) {
	t.Parallel()
	fine := ready.Check{Name: "sql", Ready: func(context.Context) error { return nil }}
	down := ready.Check{Name: "telemetry", Ready: func(context.Context) error {
		return &presage.PublicError{Words: "disk is full", Err: errors.New("disk of host db7 is full")}
	}}
	r := start(t, func(_ *api.Config, d *api.Deps) { d.Checks, d.Web.Checks = []ready.Check{fine}, []ready.Check{fine} })
	want(t, r.get(t, "/readyz"), http.StatusOK)
	r = start(t, func(_ *api.Config, d *api.Deps) {
		d.Checks, d.Web.Checks = []ready.Check{fine, down}, []ready.Check{fine, down}
	})
	a := r.get(t, "/readyz")
	want(t, a, http.StatusServiceUnavailable)
	if a.body != `{"parts":[{"name":"sql","ready":true,"checked":0},`+
		`{"name":"telemetry","ready":false,"reason":"disk is full","detail":"disk of host db7 is full","checked":0}],`+
		`"ready":false}` {
		t.Errorf("readyz: %s", a.body)
	}
	want(t, r.get(t, "/livez"), http.StatusOK)
	// The console says it too, and what has a limitation only.
	slow := ready.Check{Name: "spool", Ready: func(context.Context) error { return &ready.DegradedError{Note: "spooling since noon"} }}
	r = start(t, func(_ *api.Config, d *api.Deps) {
		d.Checks, d.Web.Checks = []ready.Check{fine, down, slow}, []ready.Check{fine, down, slow}
	})
	page := r.get(t, "/?lang=en").body
	for _, part := range []string{
		"Part telemetry of the service is not ready", "disk is full", "Part spool of the service works with a limitation",
		"spooling since noon",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the overview does not say %q", part)
		}
	}
	if strings.Contains(page, "Part sql") {
		t.Error("the overview names a part that works")
	}
}

func TestMetricsAndHooks(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	counter := prometheus.NewCounter(prometheus.CounterOpts{Name: "presage_test_total"})
	registry.MustRegister(counter)
	counter.Add(3)
	r := start(t, func(_ *api.Config, d *api.Deps) {
		d.Metrics = registry
		d.Hooks = map[string]http.Handler{"twilio/sms": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
		})}
	})
	if a := r.get(t, "/metrics"); !strings.Contains(a.body, "presage_test_total 3") {
		t.Errorf("metrics: %s", a.body)
	}
	want(t, r.form(t, "/hooks/twilio/sms", nil), http.StatusTeapot)
	want(t, r.form(t, "/hooks/twilio/status", nil), http.StatusNotFound)
}

func TestLogsHoldNoVINsAndNoTokens(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.get(t, "/vehicles/"+vin())
	r.get(t, "/v1/vehicles/"+vin()+"/health")
	r.get(t, "/b/tok-0")
	r.get(t, "/b/forged-token")
	r.get(t, "/vehicles/"+vin()+"/nothing")
	r.do(t, vin(), "/vehicles", "") // a method is any word
	r.get(t, "/v1/cases", "X-Request-Id", vin(), "User-Agent", vin(), "Referer", "/b/tok-0")
	r.do(t, http.MethodGet, "/b/tok-0", "", "Authorization", "")
	r.Close() // every record is written
	text := r.log.String()
	if strings.Contains(text, vin()) || strings.Contains(text, "tok-0") || strings.Contains(text, "forged-token") {
		t.Errorf("the log tells too much:\n%s", text)
	}
	line := regexp.MustCompile(`msg=request id=[0-9a-f]{16} method=GET route=/vehicles/:vin user=admin from=127\.0\.0\.0/24 ` +
		`status=200 bytes=\d+ took=\S+\n`)
	if !line.MatchString(text) {
		t.Errorf("the log lacks the request:\n%s", text)
	}
	if !strings.Contains(text, "method=other") || !strings.Contains(text, "route=/b/:token user=- ") {
		t.Errorf("the log lacks the made-up method or the customer:\n%s", text)
	}
}

func TestPanicIsAnError(t *testing.T) {
	t.Parallel()
	r := start(t, func(_ *api.Config, d *api.Deps) { d.Web.Fleet = nilFleet{} })
	want(t, r.get(t, "/"), http.StatusInternalServerError)
	want(t, r.get(t, "/vehicles"), http.StatusOK)
}

type nilFleet struct{ web.Fleet } // every method panics

func TestStaticFiles(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	page := r.get(t, "/").body
	for _, name := range []string{"app.css", "vendor/htmx/htmx.min.js", "vendor/uplot/uPlot.iife.min.js", "js/charts.js"} {
		path := regexp.MustCompile(`/static/[0-9a-f]+/` + regexp.QuoteMeta(name)).FindString(page)
		a := r.get(t, path, "Accept-Encoding", "gzip")
		want(t, a, http.StatusOK)
		if !strings.Contains(a.Header.Get("Cache-Control"), "immutable") || a.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %v, want immutable and gzip", name, a.Header)
		}
		want(t, r.get(t, path, "If-None-Match", a.Header.Get("ETag")), http.StatusNotModified)
		stale := regexp.MustCompile(`[0-9a-f]{12}`).ReplaceAllString(path, "000000000000")
		if got := r.get(t, stale).Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s under a stale hash: %q, want no-cache", name, got)
		}
	}
	want(t, r.get(t, "/static/x/nothing.css"), http.StatusNotFound)
	want(t, r.get(t, "/static/x/vendor/htmx/LICENSE"), http.StatusNotFound)
}
