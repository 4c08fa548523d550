package influx_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"presage"
	"presage/internal/influx"
	"presage/internal/storetest"
)

func sample() []presage.Sample {
	return []presage.Sample{storetest.Sample(storetest.VIN(1), 0, storetest.Reading("A", presage.Number(1)))}
}

// Every refusal but one that names the data holds the write back and says what to do.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int32
		body   string
		kind   error
		text   string
	}{
		"401":           {401, `{"code":"unauthorized","message":"unauthorized access"}`, presage.ErrUnavailable, "influx.token"},
		"403":           {403, `{"code":"forbidden","message":"insufficient permissions"}`, presage.ErrUnavailable, "write access"},
		"404":           {404, `{"code":"not found","message":"bucket \"cars\" not found"}`, presage.ErrUnavailable, "influx bucket create"},
		"429":           {429, `{"code":"too many requests","message":"x"}`, presage.ErrUnavailable, "send less"},
		"500":           {500, `{"code":"internal error","message":"engine"}`, presage.ErrUnavailable, "engine"},
		"503, no JSON":  {503, "maintenance", presage.ErrUnavailable, "maintenance"},
		"413":           {413, `{"code":"request too large","message":"x"}`, presage.ErrInvalid, "request too large"},
		"400 of a wall": {400, "<html>bad request</html>", presage.ErrUnavailable, "server fails"},
		"series limit": {
			400, `{"error":"partial write: max-series-per-database limit exceeded: (1) dropped=1"}`,
			presage.ErrUnavailable, "limit exceeded",
		},
		"400 data": {400, `{"code":"invalid","message":"unable to parse 'telemetry'"}`, presage.ErrInvalid, "unable to parse"},
		"422 data": {
			422, `{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type conflict"}`,
			presage.ErrInvalid, "field type conflict",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var status atomic.Int32 // the server is fine until the store is open
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if body, _ := io.ReadAll(r.Body); len(body) == 0 || status.Load() == 0 {
					w.WriteHeader(http.StatusNoContent)
					return
				}
				w.Header().Set("X-Influxdb-Error", c.body) // where 1.8 says it too
				if strings.HasPrefix(c.body, "{") {
					w.Header().Set("Content-Type", "application/json")
				}
				w.WriteHeader(int(status.Load()))
				_, _ = io.WriteString(w, c.body)
			}))
			defer server.Close()
			s, err := influx.Open(t.Context(), influx.Config{URL: server.URL, Org: "o", Bucket: "cars"})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			status.Store(c.status)
			err = s.Write(t.Context(), sample())
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("Write: %v; want %v that contains %q", err, c.kind, c.text)
			}
			if strings.Contains(err.Error(), string(storetest.VIN(1))) {
				t.Errorf("%v shows a VIN", err)
			}
		})
	}
}

// A server that takes the connection and never answers is a time-out.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	released := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-released }))
	defer server.Close()
	defer close(released)
	s, err := influx.Open(t.Context(), influx.Config{URL: server.URL, Bucket: "b", Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatalf("Open: %v; a server that does not answer is no reason to fail", err)
	}
	defer func() { _ = s.Close() }()
	if err := s.Write(t.Context(), sample()); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("Write: %v; want ErrUnavailable", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Write(ctx, sample()); !errors.Is(err, context.Canceled) {
		t.Errorf("Write: %v; want the context's error", err)
	}
}

func TestConfigFaults(t *testing.T) {
	t.Parallel()
	_, err := influx.Open(t.Context(), influx.Config{URL: "localhost:8086", Timeout: -1})
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatalf("Open: %v; want ErrInvalid", err)
	}
	for _, field := range []string{"url", "bucket", "timeout"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%v does not name %s", err, field)
		}
	}
}

// A failure counts itself by its kind and says when the server wants to be asked again.
func TestFailuresTellKindAndWait(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{401: "401", 404: "404", 429: "429", 400: "4xx", 503: "5xx"} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if body, _ := io.ReadAll(r.Body); strings.HasPrefix(string(body), "#") {
					w.WriteHeader(http.StatusNoContent) // it is fine when the store is opened
					return
				}
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(status)
			}))
			defer server.Close()
			s, err := influx.Open(t.Context(), influx.Config{URL: server.URL, Bucket: "b"})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			err = s.Write(t.Context(), sample())
			var failure interface {
				Kind() string
				RetryAfter() time.Duration
			}
			if !errors.As(err, &failure) || failure.Kind() != want || failure.RetryAfter() != 7*time.Second {
				t.Errorf("%v: want kind %s and 7 s", err, want)
			}
		})
	}
}
