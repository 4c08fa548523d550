package watch_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/ingest/watch"
)

const vin presage.VIN = "LPSAAAAA7AA000001" // a right check digit, of no real vehicle

// noon is the event time at which the tests begin.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// memory is a store that survives a restart.
type memory struct {
	mu     sync.Mutex
	states map[[3]string]presage.WatchState
	puts   int
	fail   error
}

func (m *memory) PutWatchStates(_ context.Context, states []presage.WatchState) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	m.puts++
	for _, s := range states {
		m.states[[3]string{string(s.VIN), s.Rule, s.Signal}] = s
	}
	return nil
}

func (m *memory) WatchStates(context.Context) ([]presage.WatchState, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]presage.WatchState, 0, len(m.states))
	for _, s := range m.states {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b presage.WatchState) int {
		return cmp.Or(cmp.Compare(a.VIN, b.VIN), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Signal, b.Signal))
	})
	return out, nil
}

// desk notes what it is told.
type desk struct {
	told []string // "raise insulation", "clear insulation"
	ids  []string
	fail error
}

func (d *desk) Raise(_ context.Context, a presage.Alert) error { return d.note("raise", a) }
func (d *desk) Clear(_ context.Context, a presage.Alert) error { return d.note("clear", a) }

func (d *desk) note(what string, a presage.Alert) error {
	if d.fail != nil {
		return d.fail
	}
	d.told, d.ids = append(d.told, what+" "+a.Rule), append(d.ids, a.ID)
	return nil
}

// scene is a watcher over a store, a desk and a clock.
type scene struct {
	t     *testing.T
	rules []presage.WatchRule
	store *memory
	desk  *desk
	w     *watch.Watcher
	now   time.Time
}

func newScene(t *testing.T, rules ...presage.WatchRule) *scene {
	t.Helper()
	s := &scene{t: t, rules: rules, store: &memory{states: map[[3]string]presage.WatchState{}}, desk: &desk{}, now: noon()}
	s.restart()
	return s
}

// restart forgets everything that was not stored.
func (s *scene) restart() {
	s.t.Helper()
	w, err := watch.New(s.t.Context(), &presage.Catalogue{Watch: s.rules}, watch.Deps{
		Store: s.store, Receiver: s.desk, Now: func() time.Time { return s.now },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.w = w
}

// observe gives samples to the watcher and lets it tell what it owes.
func (s *scene) observe(samples ...presage.Sample) {
	s.t.Helper()
	if err := s.w.Observe(s.t.Context(), samples, nil); err != nil {
		s.t.Fatal(err)
	}
	if err := s.w.Deliver(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// phase is that of the only stored state; idle without one.
func (s *scene) state() presage.WatchState {
	s.t.Helper()
	states, err := s.store.WatchStates(s.t.Context())
	if err != nil || len(states) > 1 {
		s.t.Fatalf("%d states, %v", len(states), err)
	}
	if len(states) == 0 {
		return presage.WatchState{Phase: presage.WatchIdle}
	}
	return states[0]
}

func text(s string) presage.Text { return presage.Text{ZH: s, EN: s} }

// insulation fires below 100 for two minutes and three samples, and clears
// above 150 for five minutes.
func insulation() presage.WatchRule {
	return presage.WatchRule{
		ID: "insulation", Component: presage.HVBattery, Severity: presage.Safety,
		Name: text("low"), Tell: text("stop"), Advise: text("look"), Unit: "kOhm",
		Signals: []string{presage.SignalInsulation}, When: presage.Condition{Below: new(float64(100))},
		For: 2 * time.Minute, Samples: 3,
		Clear:  presage.WatchClear{When: presage.Condition{Above: new(float64(150))}, For: 5 * time.Minute},
		Repeat: time.Hour, StaleAfter: 30 * time.Minute,
	}
}

// at is a sample with one insulation reading, minutes after noon.
func at(minutes float64, x float64) presage.Sample {
	return with(minutes, presage.Reading{Signal: presage.SignalInsulation, Value: presage.Number(x)})
}

func with(minutes float64, readings ...presage.Reading) presage.Sample {
	return presage.Sample{
		VIN: vin, Time: noon().Add(time.Duration(minutes * float64(time.Minute))), Readings: readings,
	}
}

var errDown = errors.New("the store is down")
