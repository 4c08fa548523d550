package door_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
	"presage/ingest/mqtt"
	"presage/ingest/ovms"
	"presage/ingest/tesla"
)

// Two VINs with valid check digits: the example of 49 CFR part 565, and the
// one that consists of ones alone.
const (
	vinA presage.VIN = "1M8GDM9AXKP042788"
	vinB presage.VIN = "11111111111111111"
)

// patience is how long a test waits for something that should come at once.
const patience = time.Minute

// memory is every store that a pipeline needs. It can be told to fail.
type memory struct {
	mu      sync.Mutex
	fail    error
	samples map[string]int // "VIN time" -> times written
	letters []presage.DeadLetter
	events  []presage.Event
	values  map[presage.VIN]int // readings written
	changed chan struct{}
}

func newMemory() *memory {
	return &memory{samples: map[string]int{}, values: map[presage.VIN]int{}, changed: make(chan struct{}, 1)}
}

func (m *memory) note() {
	select {
	case m.changed <- struct{}{}:
	default:
	}
}

func (m *memory) setFail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

func (m *memory) Write(_ context.Context, samples []presage.Sample) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.note()
	if m.fail != nil {
		return m.fail
	}
	for _, s := range samples {
		m.samples[string(s.VIN)+" "+s.Time.Format(time.RFC3339Nano)]++
		m.values[s.VIN] += len(s.Readings)
	}
	return nil
}

func (m *memory) PutDeadLetters(_ context.Context, l []presage.DeadLetter) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.note()
	m.letters = append(m.letters, l...)
	return nil
}

func (m *memory) PutEvents(_ context.Context, e []presage.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.note()
	m.events = append(m.events, e...)
	return nil
}

func (m *memory) MarkDirty(context.Context, []presage.VehicleDay) error { return nil }

func (m *memory) TouchVehicles(context.Context, map[presage.VIN]time.Time) error { return nil }

func (m *memory) Probe(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fail
}

func (m *memory) Vehicle(context.Context, presage.VIN) (presage.Vehicle, error) {
	return presage.Vehicle{}, presage.ErrNotFound
}

func (m *memory) rows() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.samples)
}

func (m *memory) deadLetters() []presage.DeadLetter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}

// until waits until ok, which is asked again whenever a store was written to.
func (m *memory) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	for !ok() {
		select {
		case <-m.changed:
		case <-poll.C:
		case <-deadline.C:
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// logLines collects what the door logged.
type logLines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logLines) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), s)
}

// startDoor starts a door over a pipeline into m.
func startDoor(t *testing.T, m *memory, change func(*door.Config)) *door.Server {
	t.Helper()
	s, _ := startStoppable(t, m, change)
	return s
}

// startStoppable is startDoor with a way to end it before the test does.
func startStoppable(t *testing.T, m *memory, change func(*door.Config)) (s *door.Server, stop func()) {
	t.Helper()
	dec, err := tesla.New(tesla.DefaultBase)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ingest.New(
		ingest.Config{Linger: time.Millisecond, RetryMin: 10 * time.Millisecond, RetryMax: 50 * time.Millisecond},
		ingest.Deps{
			Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: []ingest.Format{dec, ovms.New()},
		})
	if err != nil {
		t.Fatal(err)
	}
	cfg := door.Config{
		Addr: "127.0.0.1:0", Open: true, Sink: p, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&cfg)
	}
	if s, err = door.New(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	working, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = p.Run(working) })
	running.Go(func() { _ = s.Run(ctx) })
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			_ = s.Close()
			end()
			running.Wait()
		})
	}
	t.Cleanup(stop)
	return s, stop
}

func publisher(t *testing.T, s *door.Server, change func(*mqtt.PublisherConfig)) (*mqtt.Publisher, error) {
	t.Helper()
	cfg := mqtt.PublisherConfig{
		Broker: s.URL(), VIN: vinA, Attempts: 2, RetryWait: 10 * time.Millisecond, Timeout: patience,
	}
	if change != nil {
		change(&cfg)
	}
	p, err := mqtt.NewPublisher(t.Context(), cfg)
	if err == nil {
		t.Cleanup(func() { _ = p.Close() })
	}
	return p, err
}

func mustPublisher(t *testing.T, s *door.Server) *mqtt.Publisher {
	t.Helper()
	p, err := publisher(t, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var errDown = errors.New("the store is down")
