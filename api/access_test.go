package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api"
	"presage/api/access"
	"presage/api/apitest"
)

// A proxy on this machine, a forwarded port and a rebound name all come from
// loopback: it opens nothing, whatever the request says of itself.
func TestLoopbackIsNotALogin(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	for _, header := range [][]string{
		nil,
		{"Host", "localhost"},
		{"Host", "127.0.0.1:8080"},
		{"Host", "service.example"},
		{"X-Forwarded-For", ""},
		{"X-Forwarded-For", "127.0.0.1"},
		{"Forwarded", "for=127.0.0.1"},
		{"CF-Connecting-IP", "127.0.0.1"},
		{"True-Client-IP", "::1"},
		{"X-Real-Ip", "127.0.0.1"},
		{"Authorization", ""},
		{"Authorization", "Bearer"},
		{"Authorization", "Bearer "},
		{"Authorization", "Basic YWRtaW46"},
		{"Cookie", "presage_session="},
	} {
		for _, path := range []string{"/", "/vehicles", "/outbox", "/data", "/v1/vehicles", "/v1/messages", "/v1/dead-letters"} {
			want(t, r.get(t, path, header...), http.StatusUnauthorized)
		}
		want(t, r.do(t, http.MethodPost, "/v1/vehicles/credentials", `{"vins":["`+vin()+`"]}`,
			append(header, "Content-Type", "application/json")...), http.StatusUnauthorized)
		want(t, r.form(t, "/data/redrive", nil, header...), http.StatusForbidden)
		want(t, r.get(t, "/livez", header...), http.StatusOK)
	}
}

func TestBearerKey(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	a := r.get(t, "/v1/vehicles")
	want(t, a, http.StatusUnauthorized)
	if a.Header.Get("WWW-Authenticate") != "Bearer" || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("headers %v, want a Bearer challenge and a problem", a.Header)
	}
	want(t, r.get(t, "/v1/vehicles", "Authorization", "Bearer wrong-wrong-wrong"), http.StatusUnauthorized)
	for _, scheme := range []string{"Bearer ", "bearer ", "BEARER  ", " bEaReR "} { // RFC 9110, 11.1
		want(t, r.get(t, "/v1/vehicles", "Authorization", scheme+adminKey), http.StatusOK)
	}
	for _, open := range []string{"/openapi.json", "/docs", "/livez", "/readyz", "/b/tok-0", "/login"} {
		want(t, r.get(t, open), http.StatusOK)
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	a := r.get(t, "/cases?state=done")
	want(t, a, http.StatusUnauthorized)
	if !strings.Contains(a.body, `name="next" value="/cases?state=done"`) {
		t.Errorf("the login page does not lead back: %s", a.body)
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
	want(t, r.get(t, "/login?next=/cases"), http.StatusSeeOther)
	want(t, r.form(t, "/logout", nil), http.StatusSeeOther)
	want(t, r.get(t, "/cases"), http.StatusUnauthorized)
	copied := []string{"Cookie", c.Name + "=" + c.Value}
	want(t, r.get(t, "/v1/cases", copied...), http.StatusUnauthorized)
}

// A session is known to every process that shares the store, over for all of
// them at once, and stands by the key that it was begun with.
func TestSessionsAreShared(t *testing.T) {
	t.Parallel()
	sessions := apitest.NewLogins()
	shared := func(key presage.Secret) *rig {
		return startOutside(t, func(c *api.Config, d *api.Deps) { c.AdminKey, d.Logins = key, sessions })
	}
	one, two, other := shared(adminKey), shared(adminKey), shared("another key, quite as long")
	c := one.form(t, "/login", url.Values{"key": {adminKey}}).Cookies()[0]
	cookie := []string{"Cookie", c.Name + "=" + c.Value}
	want(t, two.get(t, "/v1/cases", cookie...), http.StatusOK)
	want(t, other.get(t, "/v1/cases", cookie...), http.StatusUnauthorized)
	want(t, two.form(t, "/logout", nil, cookie...), http.StatusSeeOther)
	want(t, one.get(t, "/v1/cases"), http.StatusUnauthorized)
}

// While the store is down nobody is let in by a session, nobody learns why, and
// the key still works.
func TestSessionStoreDown(t *testing.T) {
	t.Parallel()
	sessions := apitest.NewLogins()
	r := startOutside(t, func(_ *api.Config, d *api.Deps) { d.Logins = sessions })
	want(t, r.form(t, "/login", url.Values{"key": {adminKey}}), http.StatusSeeOther)
	sessions.Err = fmt.Errorf("%w: dial postgres://presage@db", presage.ErrUnavailable)
	for _, path := range []string{"/v1/cases", "/cases"} {
		a := r.get(t, path)
		want(t, a, http.StatusServiceUnavailable)
		if strings.Contains(a.body, "postgres") {
			t.Errorf("%s tells the outside: %s", path, a.body)
		}
	}
	want(t, r.get(t, "/v1/cases", "Authorization", "Bearer "+adminKey), http.StatusOK)
}

func TestForgedSessionIsRefused(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	for _, value := range []string{"", "9999999999", "9999999999.AAAA", "x.y", strings.Repeat("A", 43)} {
		want(t, r.get(t, "/v1/cases", "Cookie", "presage_session="+value), http.StatusUnauthorized)
	}
}

// Guesses are answered 429 after twenty, by every way in; the right key passes
// all the same, and others are not affected by a wrong header of theirs.
func TestWrongKeysAreThrottled(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	codes := map[int]int{}
	for n := range 60 {
		switch n % 3 {
		case 0:
			codes[r.form(t, "/login", url.Values{"key": {fmt.Sprint("guess", n)}}).StatusCode]++
		case 1:
			codes[r.get(t, "/v1/cases", "Authorization", fmt.Sprint("Bearer guess", n)).StatusCode]++
		default:
			codes[r.get(t, "/cases", "Authorization", fmt.Sprint("bearer guess", n)).StatusCode]++
		}
	}
	if codes[http.StatusTooManyRequests] < 39 || codes[http.StatusTooManyRequests] > 40 { // one may have come back
		t.Errorf("answers to 60 guesses: %v, want 20 refused and 40 told to wait", codes)
	}
	a := r.get(t, "/v1/cases", "Authorization", "Bearer guess")
	want(t, a, http.StatusTooManyRequests)
	if a.Header.Get("Retry-After") != "10" {
		t.Errorf("headers %v", a.Header)
	}
	want(t, r.get(t, "/v1/cases"), http.StatusUnauthorized) // no guess
	want(t, r.get(t, "/v1/cases", "Authorization", "Bearer "+adminKey), http.StatusOK)
	want(t, r.form(t, "/login", url.Values{"key": {adminKey}}), http.StatusSeeOther)
	want(t, r.get(t, "/cases"), http.StatusOK)
}

// A link logs in once, leaves the address clean and is over after its time.
func TestLoginLink(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	link := access.NewLink(adminKey, "", time.Now().Add(time.Minute))
	want(t, r.do(t, http.MethodHead, link, ""), http.StatusMethodNotAllowed)
	want(t, r.get(t, link, "Sec-Purpose", "prefetch"), http.StatusNoContent)
	a := r.get(t, link)
	want(t, a, http.StatusSeeOther)
	if a.Header.Get("Location") != "/" || a.Cookies()[0].Value == "" {
		t.Errorf("the link leads to %v", a.Header)
	}
	want(t, r.get(t, "/"), http.StatusOK)
	want(t, r.get(t, link), http.StatusSeeOther) // the same person, by the back button
	for name, path := range map[string]string{
		"used":            link,
		"of another key":  access.NewLink("another key, quite as long", "", time.Now().Add(time.Minute)),
		"too old":         access.NewLink(adminKey, "", time.Now().Add(-time.Second)),
		"cut":             link[:len(link)-1],
		"not a link":      "/login/x",
		"with an own end": "/login/" + strings.Repeat("A", len(link)-len("/login/")),
	} {
		stranger := r.do(t, http.MethodGet, path, "", "Cookie", "presage_session=none")
		if stranger.StatusCode != http.StatusForbidden || len(stranger.Cookies()) > 0 {
			t.Errorf("%s: %d, %v", name, stranger.StatusCode, stranger.Cookies())
		}
	}
	want(t, r.form(t, "/logout", nil), http.StatusSeeOther)
	want(t, r.get(t, link), http.StatusForbidden)
	if strings.Contains(r.log.String(), strings.TrimPrefix(link, "/login/")) {
		t.Error("the log holds a link")
	}
}

// Another site's link to a page: the browser leaves a Strict cookie at home, so
// that the login page loads itself again, as our own, once.
func TestLinkFromAnotherSite(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	a := r.get(t, "/cases?state=done", "Sec-Fetch-Site", "cross-site")
	want(t, a, http.StatusUnauthorized)
	if got := a.Header.Get("Refresh"); got != "0; url=/cases?state=done" {
		t.Errorf("Refresh: %q", got)
	}
	if got := r.get(t, "/cases", "Sec-Fetch-Site", "same-origin").Header.Get("Refresh"); got != "" {
		t.Errorf("Refresh: %q: it would go round for ever", got)
	}
}

func TestKeyFault(t *testing.T) {
	t.Parallel()
	for _, weak := range []presage.Secret{
		"", "short", "aaaaaaaaaaaaaaaa", "abababababababab", "passwordpassword", "1234567890123456", "1111111111111112",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
	} {
		if access.KeyFault(weak) == "" {
			t.Errorf("%q is accepted", weak.Reveal())
		}
	}
	for _, strong := range []presage.Secret{
		"0123456789abcdef0123456789abcdef", "5f1c0b7f2f9d4a6e", "correct horse battery", adminKey,
	} {
		if fault := access.KeyFault(strong); fault != "" {
			t.Errorf("%q: %s", strong.Reveal(), fault)
		}
	}
}

func TestLoginStaysOnThisSite(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"} {
		r := startOutside(t, nil)
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
		c.PublicURL = "https://service.example"
	})
	for _, c := range r.form(t, "/login?lang=zh", url.Values{"key": {adminKey}}).Cookies() {
		if !c.Secure {
			t.Errorf("cookie %s is not Secure", c.Name)
		}
	}
}
