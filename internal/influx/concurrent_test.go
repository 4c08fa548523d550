package influx_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"presage/internal/influx"
	"presage/internal/storetest"
)

// The store is safe for concurrent use from its first query on; the client's
// own query type is not, which the race detector shows here.
func TestFirstScansAtTheSameTime(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v2/query" {
			w.WriteHeader(http.StatusNoContent)
		} // a query of an empty bucket has an empty answer
	}))
	t.Cleanup(server.Close)
	store, err := influx.Open(t.Context(), influx.Config{URL: server.URL, Bucket: "presage/autogen"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	var scans sync.WaitGroup
	for i := range 8 {
		scans.Go(func() {
			from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			for _, err := range store.Scan(t.Context(), storetest.VIN(i), from, from.Add(time.Hour)) {
				t.Errorf("a row or an error of an empty bucket: %v", err)
			}
		})
	}
	scans.Wait()
}
