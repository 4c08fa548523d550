package watch_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"presage"
	"presage/ingest/watch"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// pair is two processes over one database, each with its own desk.
type pair struct {
	t     *testing.T
	store *sqlstore.Store
	now   time.Time
	down  atomic.Bool
	w     [2]*watch.Watcher
	desks [2]*desk
}

func newPair(t *testing.T, store *sqlstore.Store, rules ...presage.WatchRule) *pair {
	t.Helper()
	p := &pair{t: t, store: store, now: noon()}
	for i := range p.w {
		p.desks[i] = &desk{}
		var err error
		p.w[i], err = watch.New(t.Context(), &presage.Catalogue{Watch: rules}, watch.Deps{
			Store: store, Shared: p, Receiver: p.desks[i], Now: func() time.Time { return p.now },
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *pair) StepWatchStates(
	ctx context.Context, vins []presage.VIN, at time.Time, step func([]presage.WatchState) []presage.WatchState,
) error {
	if p.down.Load() {
		return errDown
	}
	return p.store.StepWatchStates(ctx, vins, at, step)
}

func (p *pair) ChangedWatchStates(ctx context.Context, since time.Time) ([]presage.WatchState, error) {
	return p.store.ChangedWatchStates(ctx, since)
}

// arrives gives a sample to one of the processes; both learn what has changed
// before the next one comes.
func (p *pair) arrives(i int, s presage.Sample) {
	p.t.Helper()
	p.now = s.Time
	if err := p.w[i].Observe(p.t.Context(), []presage.Sample{s}, nil); err != nil {
		p.t.Fatal(err)
	}
	p.refresh()
}

func (p *pair) refresh() {
	p.t.Helper()
	for _, w := range p.w {
		if err := w.Refresh(p.t.Context()); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *pair) deliver(i int) {
	p.t.Helper()
	if err := p.w[i].Deliver(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) state() presage.WatchState {
	p.t.Helper()
	states, err := p.store.WatchStates(p.t.Context())
	if err != nil || len(states) != 1 {
		p.t.Fatalf("%d states, %v", len(states), err)
	}
	return states[0]
}

func TestMessagesOfOneVehicleAtTwoProcesses(t *testing.T) {
	t.Parallel()
	sharedStory(t, sqltest.Open(t))
}

// sharedStory deals a vehicle's messages out in turn: the rule counts all of them,
// fires once, is told once, and clears by whatever process hears of it.
func sharedStory(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	p := newPair(t, store, insulation()) // below 100 for two minutes and three samples
	p.arrives(0, at(0, 50))
	p.arrives(1, at(1, 50))
	if s := p.state(); s.Phase != presage.WatchPending || s.Samples != 2 {
		t.Errorf("after two samples: %s, %d counted", s.Phase, s.Samples)
	}
	p.arrives(0, at(2, 50))
	if s := p.state(); s.Phase != presage.WatchFiring || !s.FiredAt.Equal(noon().Add(2*time.Minute)) {
		t.Errorf("after three: %s at %v", s.Phase, s.FiredAt)
	}
	p.deliver(1) // not its alert
	p.deliver(0)
	p.refresh()
	p.deliver(1)
	for m := 3.0; m <= 8; m++ { // above 150 for five minutes
		p.arrives(int(m)%2, at(m, 200))
	}
	if s := p.state(); s.Phase != presage.WatchIdle || !s.ClearedAt.Equal(noon().Add(8*time.Minute)) {
		t.Errorf("%s, cleared at %v", s.Phase, s.ClearedAt)
	}
	p.deliver(1)
	p.deliver(0)
	told := slices.Concat(p.desks[0].told, p.desks[1].told)
	if !slices.Equal(told, []string{"raise insulation", "clear insulation"}) {
		t.Errorf("told %v", told)
	}
}

// An alert whose process died before it was told is told by another.
func TestAlertOfAProcessThatDied(t *testing.T) {
	t.Parallel()
	p := newPair(t, sqltest.Open(t), insulation())
	for m := range 3 {
		p.arrives(0, at(float64(m), 50))
	}
	p.deliver(1)
	p.now = p.now.Add(31 * time.Second)
	p.refresh()
	p.deliver(1)
	if !slices.Equal(p.desks[1].told, []string{"raise insulation"}) || p.state().Told != presage.ToldRaised {
		t.Errorf("told %v, state %+v", p.desks[1].told, p.state())
	}
}

// A batch that could not be stored has not happened: when it comes again it counts
// as if it came for the first time, at whatever process.
func TestSharedStatesWhileTheStoreIsDown(t *testing.T) {
	t.Parallel()
	p := newPair(t, sqltest.Open(t), insulation())
	p.arrives(0, at(0, 50))
	p.down.Store(true)
	for range 2 {
		if err := p.w[0].Observe(t.Context(), []presage.Sample{at(1, 50)}, nil); err == nil {
			t.Fatal("no error")
		}
	}
	p.down.Store(false)
	p.arrives(0, at(1, 50))
	p.arrives(1, at(1, 50)) // it goes on at another: a repeat
	if s := p.state(); s.Phase != presage.WatchPending || s.Samples != 2 {
		t.Errorf("%s, %d counted, want 2", s.Phase, s.Samples)
	}
}

// A vehicle that is well, and one whose alert simply stands, cost no transaction.
func TestHealthyReadingsAreNotStepped(t *testing.T) {
	t.Parallel()
	p := newPair(t, sqltest.Open(t), insulation())
	p.down.Store(true)
	if err := p.w[0].Observe(t.Context(), []presage.Sample{at(0, 500), at(1, 600)}, nil); err != nil {
		t.Error(err)
	}
	p.down.Store(false)
	for m := range 3 {
		p.arrives(1, at(float64(m+2), 50))
	}
	p.down.Store(true)
	for i, w := range p.w {
		if err := w.Observe(t.Context(), []presage.Sample{at(float64(10+i), 40)}, nil); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
}
