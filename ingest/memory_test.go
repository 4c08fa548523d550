package ingest_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/ingest"
)

// Two VINs with valid check digits: the example of 49 CFR part 565, and the
// one that consists of ones alone.
const (
	vinA presage.VIN = "1M8GDM9AXKP042788"
	vinB presage.VIN = "11111111111111111"
)

var errDown = errors.New("the store is down")

// memory is every store that a pipeline needs; write may be replaced.
type memory struct {
	mu      sync.Mutex
	write   func([]presage.Sample) error // nil: keep
	forget  bool                         // keep nothing
	sqlErr  error
	samples []presage.Sample
	letters []presage.DeadLetter
	events  []presage.Event
	dirty   []presage.VehicleDay
	seen    map[presage.VIN]time.Time
	fleet   map[presage.VIN]bool
	log     []string // order of calls
	watched int      // samples and events
}

func newMemory() *memory {
	return &memory{seen: map[presage.VIN]time.Time{}, fleet: map[presage.VIN]bool{}}
}

func (m *memory) do(what string, f func()) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sqlErr != nil && what != "telemetry" {
		return m.sqlErr
	}
	if !m.forget {
		m.log = append(m.log, what)
		f()
	}
	return nil
}

func (m *memory) Write(_ context.Context, samples []presage.Sample) error {
	m.mu.Lock()
	write := m.write
	m.mu.Unlock()
	if write != nil {
		if err := write(samples); err != nil {
			return err
		}
	}
	return m.do("telemetry", func() {
		for _, s := range samples { // what a store is handed is not its own
			s.Readings = slices.Clone(s.Readings)
			m.samples = append(m.samples, s)
		}
	})
}

func (m *memory) MarkDirty(_ context.Context, days []presage.VehicleDay) error {
	return m.do("dirty", func() { m.dirty = append(m.dirty, days...) })
}

func (m *memory) TouchVehicles(_ context.Context, seen map[presage.VIN]time.Time) error {
	return m.do("touch", func() { maps.Copy(m.seen, seen) })
}

func (m *memory) PutEvents(_ context.Context, e []presage.Event) error {
	return m.do("events", func() { m.events = append(m.events, e...) })
}

// Observe is the watcher: it is told after the stores.
func (m *memory) Observe(_ context.Context, s []presage.Sample, e []presage.Event) error {
	return m.do("watch", func() { m.watched += len(s) + len(e) })
}

func (m *memory) PutDeadLetters(_ context.Context, l []presage.DeadLetter) error {
	return m.do("letters", func() {
		for i := range l {
			l[i].ID = int64(len(m.letters) + i + 1)
		}
		m.letters = append(m.letters, l...)
	})
}

func (m *memory) Vehicle(_ context.Context, vin presage.VIN) (presage.Vehicle, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.fleet[vin] {
		return presage.Vehicle{}, presage.ErrNotFound
	}
	return presage.Vehicle{VIN: vin}, nil
}

func (m *memory) setWrite(f func([]presage.Sample) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.write = f
}

func (m *memory) setSQLErr(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sqlErr = err
}

func (m *memory) stored() []presage.Sample {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.samples)
}

func (m *memory) reasons() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, l := range m.letters {
		out = append(out, l.Reason)
	}
	return out
}

// start runs a pipeline over m until the test ends.
func start(tb testing.TB, m *memory, cfg ingest.Config) *ingest.Pipeline {
	tb.Helper()
	return startWith(tb, cfg, ingest.Deps{Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m})
}

func startWith(tb testing.TB, cfg ingest.Config, deps ingest.Deps) *ingest.Pipeline {
	tb.Helper()
	p, err := ingest.New(cfg, deps)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Error(err)
		}
	})
	return p
}
