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

// The whole suite against a real server; every test has a database of its own.
// Small pages and batches make every scan and write cross their borders.
func TestStore(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]influx.Config{
		"as shipped": {},
		"small":      {PageRows: 1000, BatchBytes: 20_000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := influxtest.Start(t)
			var databases atomic.Int32
			storetest.Run(t, func(t *testing.T) storetest.Store {
				t.Helper()
				c := c
				c.URL = server.URL
				database := fmt.Sprintf("db%d", databases.Add(1))
				server.CreateDatabase(t, database)
				c.Bucket = database + "/autogen"
				return open(t, c)
			})
		})
	}
}
