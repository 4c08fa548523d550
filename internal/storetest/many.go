package storetest

import (
	"testing"
	"time"

	"presage"
)

// manyVehicles: neighbours in the key space stay apart, counts are exact.
func manyVehicles(t *testing.T, s Store) {
	t.Helper()
	const vehicles, rows = 40, 25
	var all []presage.Sample
	for v := range vehicles {
		for r := range rows {
			x := float64(v*rows + r)
			all = append(all, Sample(VIN(v), int64(r)*60_000, Reading("X", presage.Number(x)), Reading("Y", presage.Number(-x))))
		}
	}
	write(t, s, all...)
	write(t, s, all[:rows*3]...)
	if n, err := s.Rows(t.Context()); n != vehicles*rows || err != nil {
		t.Errorf("Rows = %d, %v; want %d", n, err, vehicles*rows)
	}
	for _, v := range []int{0, 1, 17, vehicles - 1} {
		wantAll(t, s, VIN(v), all[v*rows:(v+1)*rows]...)
	}
	wantAll(t, s, VIN(vehicles))
}

// longScan is longer than any page or batch that a store may cut it into; one
// signal comes with every row, the others ever more rarely.
func longScan(t *testing.T, s Store) {
	t.Helper()
	const rows = 25_000
	samples := make([]presage.Sample, rows)
	for i := range samples {
		readings := []presage.Reading{Reading(label(0), presage.Number(float64(i)))}
		for k := 1; k <= 6; k++ {
			if i%(1<<(2*k)) == 0 {
				readings = append(readings, Reading(label(k), presage.Number(float64(i*k))))
			}
		}
		samples[i] = Sample(VIN(1), int64(i)*977, readings...)
	}
	write(t, s, samples...)
	if n, err := s.Rows(t.Context()); n != rows || err != nil {
		t.Errorf("Rows = %d, %v; want %d", n, err, rows)
	}
	wantAll(t, s, VIN(1), samples...)
}

// leaveEarly: a loop may end at any step, and the store stays usable.
func leaveEarly(t *testing.T, s Store) {
	t.Helper()
	var all []presage.Sample
	for i := range 100 {
		all = append(all, Sample(VIN(1), int64(i), Reading("A", presage.Number(float64(i)))))
	}
	write(t, s, all...)
	seen := 0
	for sample, err := range s.Scan(t.Context(), VIN(1), Start(), Start().Add(time.Hour)) {
		if err != nil {
			t.Fatalf("scan: %v", err)
		}
		if got := sample.Readings[0].Value.Number; got != float64(seen) {
			t.Fatalf("sample %d holds %v", seen, got)
		}
		if seen++; seen == 7 {
			break
		}
	}
	wantAll(t, s, VIN(1), all...)
}
