package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/cmd/presage/client"
)

// Each kind of answer is told as the error of its kind, in the service's words.
func TestAnswers(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer k" {
			t.Errorf("Authorization %q", r.Header.Get("Authorization"))
		}
		answers := map[string]struct {
			status int
			body   string
		}{
			"/good": {200, `{"n":4}`}, "/none": {404, `{"detail":"nobody knows it"}`}, "/key": {401, `{"detail":"who?"}`},
			"/busy": {503, `{"detail":"later"}`}, "/taken": {409, `{"detail":"taken"}`}, "/bad": {422, `{"detail":"odd"}`},
			"/proxy": {502, `<html>`}, "/page": {200, `<html>`},
		}
		a := answers[r.URL.Path]
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.body))
	}))
	defer server.Close()
	s, err := client.New("--url", server.URL+"/", "k")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, tt := range []struct {
		path, words string
		kind        error
	}{
		{"/good", "", nil},
		{"/none", "nobody knows it", presage.ErrNotFound},
		{"/key", "PRESAGE_HTTP_ADMIN_KEY", presage.ErrForbidden},
		{"/busy", "later", presage.ErrUnavailable},
		{"/taken", "taken", presage.ErrConflict},
		{"/bad", "odd", presage.ErrInvalid},
		{"/proxy", "not as presage does", presage.ErrUnavailable},
		{"/page", "not as presage does", presage.ErrUnavailable},
	} {
		var answer struct{ N int }
		err := s.Do(t.Context(), http.MethodGet, tt.path, nil, &answer)
		switch {
		case tt.kind == nil && (err != nil || answer.N != 4):
			t.Errorf("%s: %+v, %v", tt.path, answer, err)
		case tt.kind != nil && (!errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.words)):
			t.Errorf("%s: %v; want %v and %q", tt.path, err, tt.kind, tt.words)
		}
	}
	if a, err := s.Ask(t.Context(), http.MethodGet, "/busy", nil); err != nil || a.Pause != 7*time.Second {
		t.Errorf("pause %s, %v; want 7s", a.Pause, err)
	}
	server.Close()
	if _, err := s.Ask(t.Context(), http.MethodGet, "/secret", nil); !errors.Is(err, presage.ErrUnavailable) ||
		strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody there: %v", err)
	}
	for _, address := range []string{"", "x", "tcp://127.0.0.1:1", "http://"} {
		if _, err := client.New("--url", address, ""); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
}
