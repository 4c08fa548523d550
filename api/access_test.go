package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"presage/api"
)

func locked(c *api.Config, _ *api.Deps) { c.AdminKey = adminKey }

func TestWithoutKeyOnlyLoopback(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name   string
		open   bool
		header []string
		status int
	}{
		{"loopback", true, nil, http.StatusOK},
		{"a rebound name", true, []string{"Host", "evil.example"}, http.StatusForbidden},
		{"behind a proxy", true, []string{"X-Forwarded-For", "203.0.113.9"}, http.StatusForbidden},
		{"not opened", false, nil, http.StatusForbidden},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, func(c *api.Config, _ *api.Deps) { c.OpenOnLoopback = x.open })
			want(t, r.get(t, "/v1/vehicles", x.header...), x.status)
			want(t, r.get(t, "/vehicles", x.header...), x.status)
			want(t, r.get(t, "/livez", x.header...), http.StatusOK)
		})
	}
}

func TestBearerKey(t *testing.T) {
	t.Parallel()
	r := start(t, locked)
	a := r.get(t, "/v1/vehicles")
	want(t, a, http.StatusUnauthorized)
	if a.Header.Get("WWW-Authenticate") != "Bearer" || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("headers %v, want a Bearer challenge and a problem", a.Header)
	}
	want(t, r.get(t, "/v1/vehicles", "Authorization", "Bearer wrong-wrong-wrong"), http.StatusUnauthorized)
	want(t, r.get(t, "/v1/vehicles", "Authorization", "Bearer "+adminKey), http.StatusOK)
	for _, open := range []string{"/openapi.json", "/docs", "/livez", "/readyz", "/b/tok-0"} {
		want(t, r.get(t, open), http.StatusOK)
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	r := start(t, locked)
	a := r.get(t, "/cases?state=done")
	want(t, a, http.StatusSeeOther)
	if got := a.Header.Get("Location"); got != "/login?next=%2Fcases%3Fstate%3Ddone" {
		t.Errorf("sent to %q", got)
	}
	want(t, r.form(t, "/login", url.Values{"key": {"not the key at all"}}), http.StatusForbidden)
	a = r.form(t, "/login", url.Values{"key": {adminKey}, "next": {"/cases"}})
	want(t, a, http.StatusSeeOther)
	c := a.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || strings.Contains(c.Value, adminKey) {
		t.Errorf("cookie %v: want HttpOnly, SameSite=Strict and no key in it", c)
	}
	want(t, r.get(t, "/cases"), http.StatusOK)
	want(t, r.get(t, "/v1/cases"), http.StatusOK)
	want(t, r.form(t, "/logout", nil), http.StatusSeeOther)
	want(t, r.get(t, "/cases"), http.StatusSeeOther)
}

func TestForgedSessionIsRefused(t *testing.T) {
	t.Parallel()
	r := start(t, locked)
	for _, value := range []string{"", "9999999999", "9999999999.AAAA", "x.y"} {
		want(t, r.get(t, "/v1/cases", "Cookie", "presage_session="+value), http.StatusUnauthorized)
	}
}

func TestLoginStaysOnThisSite(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"} {
		r := start(t, locked)
		a := r.form(t, "/login", url.Values{"key": {adminKey}, "next": {next}})
		if got := a.Header.Get("Location"); got != "/" {
			t.Errorf("next %q leads to %q, want /", next, got)
		}
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	a := r.form(t, "/data/redrive", nil, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	want(t, a, http.StatusForbidden)
	want(t, r.form(t, "/data/redrive", nil, "Origin", r.URL, "Sec-Fetch-Site", "same-origin"), http.StatusSeeOther)
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, path := range []string{"/", "/b/tok-0", "/v1/vehicles", "/nowhere", "/b/forged"} {
		h := r.get(t, path).Header
		policy := h.Get("Content-Security-Policy")
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: Content-Security-Policy %q", path, policy)
		}
		for name, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"X-Frame-Options": "DENY", "Cache-Control": "no-store",
		} {
			if h.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", path, name, h.Get(name), value)
			}
		}
	}
}

func TestSecureCookiesUnderHTTPS(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *api.Config, _ *api.Deps) {
		c.AdminKey, c.PublicURL = adminKey, "https://service.example"
	})
	for _, c := range r.form(t, "/login?lang=zh", url.Values{"key": {adminKey}}).Cookies() {
		if !c.Secure {
			t.Errorf("cookie %s is not Secure", c.Name)
		}
	}
}
