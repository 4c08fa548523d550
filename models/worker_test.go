package models_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/models"
)

// A worker that has judged other vehicles, at other times of day, says what a fresh prognoser says.
func TestWorkerRemembersNothing(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	w := p.Worker()
	type asked struct {
		history models.History
		asOf    time.Time
		got     []presage.Prognosis
	}
	for range 3 { // later rounds write on memory that was used before
		w.Reset()
		var night []asked
		for seed := range uint64(60) {
			h, asOf := lifeOf(seed)
			asOf = asOf.Add(time.Duration(seed%3) * time.Hour)
			night = append(night, asked{h, asOf, w.PrognoseTrack(nil, models.TrackOf(h), asOf)})
		}
		for seed, a := range night {
			if diff := cmp.Diff(p.Prognose(a.history, a.asOf), a.got); diff != "" {
				t.Fatalf("vehicle %d: %s", seed, diff)
			}
		}
	}
}

// nightWithoutAllocation lets a worker of p judge forty cars and returns what it said.
func nightWithoutAllocation(t *testing.T, p *models.Prognoser) []presage.Prognosis {
	t.Helper()
	w := p.Worker()
	var tracks []*models.Track
	for seed := range uint64(40) {
		c := newCar(seed)
		c.leakWheel, c.leakRate, c.leakFrom = int(seed%4), 0.5, 150
		tracks = append(tracks, models.TrackOf(c.history(180)))
	}
	var ps []presage.Prognosis
	night := func() {
		w.Reset()
		ps = ps[:0]
		for _, track := range tracks {
			ps = w.PrognoseTrack(ps, track, evening(180))
		}
	}
	night()
	if n := testing.AllocsPerRun(5, night); n != 0 {
		t.Errorf("%g allocations a night, want none", n)
	}
	return ps
}

// The inner loop of a night allocates nothing.
//
//nolint:paralleltest // other tests' allocations would be counted
func TestWorkerDoesNotAllocate(t *testing.T) {
	p := models.NewPrognoser(catalogue())
	ps := nightWithoutAllocation(t, p)
	if len(ps) != 20*13+20*10 {
		t.Errorf("%d prognoses", len(ps))
	}
}
