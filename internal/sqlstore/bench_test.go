package sqlstore_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// One night of the demo: 200 vehicles, 6 components each.
const benchVehicles, benchComponents = 200, 6

func BenchmarkPutPrognosesNight(b *testing.B) {
	s := sqltest.Open(b)
	var ps []presage.Prognosis
	for i := range benchVehicles {
		for c := range benchComponents {
			p := prognosis(i, presage.ComponentID(fmt.Sprintf("component_%d", c)))
			ps = append(ps, p)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		must(b, s.PutPrognoses(b.Context(), ps))
	}
}

func BenchmarkPutRollupsNight(b *testing.B) {
	s := sqltest.Open(b)
	day := presage.Day(20000)
	b.ReportAllocs()
	for b.Loop() {
		day++
		rs := make([]presage.Rollup, benchVehicles)
		for i := range rs {
			rs[i] = presage.Rollup{VIN: vin(i), Day: day, Samples: 900, First: day.Start(), Last: day.Start(), Features: map[string]float64{}}
			for f := range 30 {
				rs[i].Features[fmt.Sprintf("feature_%d_mean", f)] = float64(f) / 3
			}
		}
		must(b, s.PutRollups(b.Context(), rs))
	}
}

func BenchmarkReserve(b *testing.B) {
	s := sqltest.Open(b)
	must(b, s.PutStock(b.Context(), []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 1 << 30}}))
	n := 0
	for b.Loop() {
		b.StopTimer()
		c := openCase(n)
		must(b, s.CreateCase(b.Context(), c, presage.CaseEvent{}))
		r := reservation(n)
		shift := time.Duration(n) * 2 * time.Hour
		r.Booking.Start, r.Booking.End = r.Booking.Start.Add(shift), r.Booking.End.Add(shift)
		n++
		b.StartTimer()
		_, err := s.Reserve(b.Context(), r)
		must(b, err)
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		s, err := sqlstore.Open(b.Context(), filepath.Join(b.TempDir(), "presage.db"))
		must(b, err)
		must(b, s.Close())
	}
}
