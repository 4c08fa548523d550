//go:build unix

package models_test

import (
	"syscall"
	"testing"
	"time"

	"presage/models"
)

// BenchmarkPrognose asks for one vehicle after the other of 2,000 with 400 days
// of roll-ups and all ten components of an electric car, on one core: an operation is a vehicle,
// so -benchtime 100000x is a fleet of 100,000.
func BenchmarkPrognose(b *testing.B) {
	const days = 400
	p := models.NewPrognoser(catalogue())
	tracks := make([]*models.Track, 2000)
	for i := range tracks {
		c := newCar(2 * uint64(i)) // even seeds are electric: they have a high-voltage battery
		if i%50 == 0 {
			c.leakWheel, c.leakRate, c.leakFrom = i%4, 1, days-20
		}
		tracks[i] = models.TrackOf(c.history(days))
	}
	w := p.Worker()
	ps := w.PrognoseTrack(nil, tracks[0], evening(days)) // from here on the memory is there
	b.ReportAllocs()
	b.ResetTimer()
	began := processorTime(b)
	n := 0
	for b.Loop() {
		w.Reset()
		ps = w.PrognoseTrack(ps[:0], tracks[n%len(tracks)], evening(days))
		if n++; len(ps) != 10 {
			b.Fatalf("%d prognoses, want 10", len(ps))
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "vehicles/s")
	b.ReportMetric(float64(n)/(processorTime(b)-began).Seconds(), "vehicles/cpu-s")
}

// processorTime is what this process has used of all cores, its garbage
// collector included: on a shared machine the clock on the wall says little.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
