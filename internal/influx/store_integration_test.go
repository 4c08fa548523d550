//go:build integration

package influx_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"presage"
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

// Raw, rolled-up and predicted come back under their names, all or by name.
func TestOwnSeriesComeBack(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, func(t *testing.T, server influxtest.Server) {
		t.Helper()
		s := open(t, server.Config())
		speed := storetest.Reading("Vehicle.Speed", presage.Number(50))
		rolled := storetest.Reading("Presage.rollup.hv_battery.hv_capacity_ah", presage.Number(64))
		foretold := storetest.Reading("Presage.hv_battery.fail_30d", presage.Number(0.125))
		other := storetest.Reading("Presage.battery_12v.fail_30d", presage.Number(0.25))
		v := storetest.VIN(1)
		if err := s.Write(t.Context(), []presage.Sample{
			storetest.Sample(v, 0, speed), storetest.Sample(v, 0, rolled), storetest.Sample(v, 0, foretold, other),
		}); err != nil {
			t.Fatal(err)
		}
		for _, want := range [][]presage.Reading{
			{rolled}, {foretold}, {speed}, {speed, rolled}, {speed, rolled, foretold, other},
		} {
			var names []string
			for _, r := range want {
				names = append(names, r.Signal)
			}
			got := storetest.Collect(t, s.Scan(t.Context(), v, storetest.Start(), storetest.Start().Add(time.Hour), names...))
			if diff := cmp.Diff([]presage.Sample{storetest.Sample(v, 0, want...)}, got, bySignal()); diff != "" {
				t.Errorf("%v (-want +got):\n%s", names, diff)
			}
		}
		all := storetest.Collect(t, s.Scan(t.Context(), v, storetest.Start(), storetest.Start().Add(time.Hour)))
		if len(all) != 1 || len(all[0].Readings) != 4 {
			t.Errorf("all of it: %v", all)
		}
		if n, err := s.RowsOf(t.Context(), v); n != 1 || err != nil {
			t.Errorf("%d rows of one instant, %v", n, err)
		}
	})
}

func bySignal() cmp.Option {
	return cmpopts.SortSlices(func(a, b presage.Reading) bool { return a.Signal < b.Signal })
}
