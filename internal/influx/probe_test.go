package influx_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/influx"
)

// Probes write one point of their own an hour; a server that refuses writes fails them.
func TestProbe(t *testing.T) {
	t.Parallel()
	var lines []string
	down := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		lines = append(lines, string(body))
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	now := time.Date(2026, 11, 21, 7, 59, 59, 0, time.UTC)
	s, err := influx.Open(t.Context(), influx.Config{
		URL: server.URL, Bucket: "b", Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	lines = nil
	for range 2 {
		if err := s.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		now = now.Add(-time.Minute)
	}
	// 2026-11-21T07:00:00Z, by date -u -d ... +%s
	if len(lines) != 2 || lines[0] != lines[1] || strings.TrimSpace(lines[0]) != "presage_probe ok=true 1795244400000" {
		t.Errorf("%q", lines)
	}
	down = true
	if err := s.Probe(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("%v, want an ErrUnavailable", err)
	}
}
