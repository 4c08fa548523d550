package api_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"presage/api"
	"presage/api/apitest"
	"presage/api/apitest/wired"
)

// now is the clock of every test's world.
func now() time.Time { return time.Date(2026, 11, 21, 2, 30, 0, 0, time.UTC) }

// fleetSize gives cases in every state.
const fleetSize = 120

const adminKey = "a-key-of-the-tests-4711"

// rig is a running API over a small world.
type rig struct {
	*httptest.Server
	world *apitest.World
	key   string // sent with every request that names no other; "" is somebody from outside
	log   *bytes.Buffer
	http  *http.Client
}

// startOutside is start for somebody who is not logged in.
func startOutside(t *testing.T, change func(*api.Config, *api.Deps)) *rig {
	t.Helper()
	r := start(t, change)
	r.key = ""
	return r
}

// start runs the API for somebody with the key; change may alter configuration and dependencies.
func start(t *testing.T, change func(*api.Config, *api.Deps)) *rig {
	t.Helper()
	r := &rig{world: apitest.New(fleetSize, now()), log: &bytes.Buffer{}, key: adminKey}
	c, d := api.Config{AdminKey: adminKey, Version: "test"}, wired.Deps(r.world)
	d.Logger = slog.New(slog.NewTextHandler(r.log, nil))
	d.REST.Logger, d.Web.Logger = d.Logger, d.Logger
	if change != nil {
		change(&c, &d)
	}
	h, err := api.New(c, d)
	if err != nil {
		t.Fatal(err)
	}
	r.Server = httptest.NewServer(h)
	t.Cleanup(func() {
		r.Close()
		*r = rig{} // what a test cleans up with is kept until the last test ends: 13 GB in all
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r.http = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return r
}

// answer is a response that was read to its end.
type answer struct {
	*http.Response
	body string
}

func (r *rig) do(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if r.key != "" {
		req.Header.Set("Authorization", "Bearer "+r.key)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	res, err := r.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res, string(raw)}
}

func (r *rig) get(t *testing.T, path string, header ...string) answer {
	t.Helper()
	return r.do(t, http.MethodGet, path, "", header...)
}

func (r *rig) form(t *testing.T, path string, values url.Values, header ...string) answer {
	t.Helper()
	header = append(header, "Content-Type", "application/x-www-form-urlencoded")
	return r.do(t, http.MethodPost, path, values.Encode(), header...)
}

func (r *rig) json(t *testing.T, path, body string) answer {
	t.Helper()
	return r.do(t, http.MethodPost, path, body, "Content-Type", "application/json")
}

func want(t *testing.T, a answer, status int) {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d\n%.600s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
}

func TestNewNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := api.New(api.Config{AdminKey: "short", PublicURL: "service.example"}, api.Deps{})
	if err == nil || !strings.Contains(err.Error(), "http.admin_key") || !strings.Contains(err.Error(), "http.public_url") {
		t.Errorf("configuration: %v, want both faults named", err)
	}
	_, err = api.New(api.Config{AdminKey: adminKey}, api.Deps{})
	for _, name := range []string{"Catalogue", "Vehicles", "Offers", "REST.Now", "Web.Now", "Logger", "Logins"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("dependencies: %v, want %s named", err, name)
		}
	}
}
