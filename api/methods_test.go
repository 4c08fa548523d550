package api_test

import (
	"net/http"
	"testing"
)

func TestHeadAndOptions(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, path := range []string{"/v1/vehicles", "/v1/vehicles/" + vin(), "/livez", "/", "/openapi.json", "/v1/parts/forecast"} {
		got, head := r.get(t, path), r.do(t, http.MethodHead, path, "")
		want(t, head, http.StatusOK)
		if head.body != "" || head.Header.Get("Content-Type") != got.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: %d bytes of %s", path, len(head.body), head.Header.Get("Content-Type"))
		}
	}
	want(t, r.do(t, http.MethodHead, "/v1/cases/none", ""), http.StatusNotFound)
	want(t, r.do(t, http.MethodHead, "/v1/results", ""), http.StatusMethodNotAllowed)
	for path, allow := range map[string]string{
		"/v1/vehicles": "GET, HEAD, OPTIONS", "/v1/bookings": "GET, POST, HEAD, OPTIONS", "/v1/results": "POST, OPTIONS",
		"/v1/fleet": "PUT, OPTIONS", "/vehicles": "GET, HEAD, OPTIONS",
	} {
		a := r.do(t, http.MethodOptions, path, "")
		want(t, a, http.StatusNoContent)
		if got := a.Header.Get("Allow"); got != allow {
			t.Errorf("OPTIONS %s allows %s, want %s", path, got, allow)
		}
		a = r.do(t, http.MethodTrace, path, "")
		want(t, a, http.StatusMethodNotAllowed)
		if got := a.Header.Get("Allow"); got != allow {
			t.Errorf("TRACE %s allows %s, want %s", path, got, allow)
		}
	}
	want(t, r.do(t, http.MethodOptions, "/v1/nothing", ""), http.StatusNotFound)

	want(t, r.do(t, http.MethodHead, "/b/old", ""), http.StatusMethodNotAllowed) // GET notes that it was opened

	locked := startOutside(t, nil)
	want(t, locked.do(t, http.MethodHead, "/v1/vehicles", ""), http.StatusUnauthorized)
}
