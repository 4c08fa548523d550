//go:build integration

package influx_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"presage/internal/influx"
	"presage/internal/influx/influxtest"
	"presage/internal/storetest"
)

func open(tb testing.TB, c influx.Config) *influx.Store {
	tb.Helper()
	s, err := influx.Open(tb.Context(), c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// The whole suite against real servers; every test has a bucket of its own.
// Small pages and batches make every scan and write cross their borders.
func TestStore(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]influx.Config{
		"as shipped": {},
		"small":      {PageRows: 1000, BatchBytes: 20_000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			influxtest.Each(t, func(t *testing.T, server influxtest.Server) {
				t.Helper()
				var buckets atomic.Int32
				storetest.Run(t, func(t *testing.T) storetest.Store {
					t.Helper()
					c, own := c, server.Config()
					c.URL, c.Token, c.Org = own.URL, own.Token, own.Org
					c.Bucket = server.NewBucket(t, fmt.Sprintf("db%d", buckets.Add(1)), 0)
					return open(t, c)
				})
			})
		})
	}
}
