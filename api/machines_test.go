package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"presage/api"
	"presage/api/apitest"
	"presage/api/apitest/wired"
)

// A process without the role api answers machines, and says to others where to go.
func TestMachines(t *testing.T) {
	t.Parallel()
	h, err := api.NewMachines(api.Config{AdminKey: adminKey, Version: "test"}, wired.Deps(apitest.New(1, now())))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/livez", http.StatusOK},
		{http.MethodGet, "/readyz", http.StatusOK},
		{http.MethodHead, "/livez", http.StatusOK},
		{http.MethodGet, "/v1/vehicles", http.StatusNotFound},
		{http.MethodPost, "/livez", http.StatusNotFound},
		{http.MethodGet, "/", http.StatusNotFound},
		{http.MethodPost, "/login", http.StatusNotFound},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(tc.method, tc.path, http.NoBody))
		if w.Code != tc.status {
			t.Errorf("%s %s: %d %s, want %d", tc.method, tc.path, w.Code, w.Body, tc.status)
		}
	}
	if _, err := api.NewMachines(api.Config{}, wired.Deps(apitest.New(1, now()))); err == nil {
		t.Error("without a key it starts")
	}
}
