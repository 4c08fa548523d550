//go:build integration

package watch_test

import (
	"fmt"
	"sync"
	"testing"

	"presage"
	"presage/internal/sqlstore/sqltest"
)

func TestMessagesOfOneVehicleAtTwoProcessesOnPostgres(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	sharedStory(t, sqltest.OpenURL(t, server.NewDatabase(t)))
}

// Both processes judge the same vehicles at the same time: no sample is lost from
// the counts, and nobody waits for ever.
func TestTwoProcessesAtOnceOnPostgres(t *testing.T) {
	t.Parallel()
	rule := insulation()
	rule.Samples = 100 // counts, and does not fire
	p := newPair(t, sqltest.OpenURL(t, sqltest.StartPostgres(t).NewDatabase(t)), rule)
	const vehicles, rounds = 5, 10
	var judging sync.WaitGroup
	for i, w := range p.w {
		judging.Go(func() {
			for round := range rounds {
				var batch []presage.Sample
				for v := range vehicles { // in opposite orders
					s := at(float64(2*round+i)/60, 50)
					s.VIN = presage.VIN(fmt.Sprintf("LPSAAAAA7AA%06d", (v+i*2)%vehicles))
					batch = append(batch, s)
				}
				if err := w.Observe(t.Context(), batch, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	judging.Wait()
	states, err := p.store.WatchStates(t.Context())
	if err != nil || len(states) != vehicles {
		t.Fatalf("%d states, %v", len(states), err)
	}
	for _, s := range states {
		// One that was overtaken by a newer one of the other process does not count.
		if s.Samples < rounds || s.Samples > 2*rounds || s.Phase != presage.WatchPending {
			t.Errorf("%s: %d samples counted", s.Phase, s.Samples)
		}
	}
}
