package spool_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/spool"
	"presage/internal/storetest"
)

var errAway = fmt.Errorf("%w: connection refused", presage.ErrUnavailable)

// world is a telemetry store that can go away, and all that a spool works with.
type world struct {
	mu       sync.Mutex
	away     bool
	dirtyBad bool
	now      time.Time
	writes   [][]presage.Sample
	values   map[string]presage.Value // by vehicle, time and signal: the newest write wins
	dirty    map[presage.VehicleDay]int
	refused  []presage.Sample
	changed  chan struct{}
}

func newWorld() *world {
	return &world{
		now: storetest.Start(), values: map[string]presage.Value{}, dirty: map[presage.VehicleDay]int{},
		changed: make(chan struct{}, 1),
	}
}

func (w *world) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

func (w *world) goAway(away bool) { w.change(func() { w.away = away }) }

func (w *world) pass(d time.Duration) { w.change(func() { w.now = w.now.Add(d) }) }

// Now is the world's clock.
func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Write refuses signals without a name, as every store does.
func (w *world) Write(_ context.Context, samples []presage.Sample) (err error) {
	w.change(func() {
		if w.away {
			err = errAway
			return
		}
		w.writes = append(w.writes, samples)
		var rejected *presage.RejectedError
		for _, s := range samples {
			for _, r := range s.Readings {
				if r.Signal != "" {
					w.values[identity(s, r)] = r.Value
					continue
				}
				rejected = &presage.RejectedError{Reason: "a signal without a name"}
				rejected.Samples = append(rejected.Samples, presage.Sample{
					VIN: s.VIN, Time: s.Time, Readings: []presage.Reading{r},
				})
			}
		}
		if rejected != nil {
			err = rejected
		}
	})
	return err
}

func identity(s presage.Sample, r presage.Reading) string {
	return fmt.Sprint(s.VIN, s.Time.UnixMilli(), r.Signal)
}

func (w *world) Ready(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away {
		return errAway
	}
	return nil
}

func (w *world) MarkDirty(_ context.Context, days []presage.VehicleDay) (err error) {
	w.change(func() {
		if w.dirtyBad {
			err = errors.New("the database is away")
			return
		}
		for _, d := range days {
			w.dirty[d]++
		}
	})
	return err
}

func (w *world) Refused(_ context.Context, r *presage.RejectedError) error {
	w.change(func() { w.refused = append(w.refused, r.Samples...) })
	return nil
}

func (w *world) deps() spool.Deps {
	return spool.Deps{Store: w, Dirty: w, Refused: w.Refused, Now: w.Now}
}

func (w *world) stored() map[string]presage.Value {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.values)
}

// patience is how long a test waits for something that should come at once.
const patience = 2 * time.Minute

// eventually waits for a state that follows a change of the world.
func (w *world) eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline, tick := time.After(patience), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-w.changed:
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not %s in time", what)
		}
	}
}

const grace = 5 * time.Second

func config(dir string, maxBytes int64) spool.Config {
	return spool.Config{
		Dir: dir, MaxBytes: maxBytes, Grace: grace, RetryMin: time.Millisecond, RetryMax: 5 * time.Millisecond,
		MinFreeBytes: -1,
	}
}

func open(t *testing.T, w *world, dir string, maxBytes int64) *spool.Spool {
	t.Helper()
	s, err := spool.Open(config(dir, maxBytes), w.deps())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run drains until the returned func is called, which closes the spool too.
func run(t *testing.T, s *spool.Spool) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			t.Error(err)
		}
	})
}

// one is a batch of one reading.
func one(ms int64, x float64) []presage.Sample {
	return []presage.Sample{storetest.Sample(storetest.VIN(1), ms, storetest.Reading("A", presage.Number(x)))}
}

// down makes the store fail for longer than the grace.
func down(t *testing.T, w *world, s *spool.Spool) {
	t.Helper()
	w.goAway(true)
	if err := s.Write(t.Context(), one(-1, 0)); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatalf("the first failure: %v; want the store's error", err)
	}
	w.pass(grace)
}

func put(t *testing.T, s *spool.Spool, samples []presage.Sample) {
	t.Helper()
	if err := s.Write(t.Context(), samples); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, w *world, want map[string]presage.Value) {
	t.Helper()
	got := w.stored()
	for k, v := range want {
		if g, ok := got[k]; !ok || g.Number != v.Number {
			t.Errorf("%v is %v (%v), want %v", k, g.Number, ok, v.Number)
		}
	}
}
