package simulator_test

import (
	"testing"

	"presage/simulator"
)

// BenchmarkFleet lives 200 vehicles through 120 days: at most 10 s on one core.
func BenchmarkFleet(b *testing.B) {
	for b.Loop() {
		w, err := simulator.New(simulator.Config{Vehicles: 200, Seed: 1, Start: summer, Catalogue: catalogue()})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for m := range w.Advance(summer.AddDate(0, 0, 120)) {
			n += len(m.Payload)
		}
		b.ReportMetric(float64(w.Published().Samples), "samples")
		b.ReportMetric(float64(n)/1e6, "MB")
	}
}
