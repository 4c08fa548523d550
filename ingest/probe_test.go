package ingest_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"presage"
	"presage/ingest"
)

// probed is a store that can be tried.
type probed struct {
	*memory
	probes atomic.Int32
	fault  atomic.Pointer[error]
}

func (s *probed) Probe(context.Context) error {
	s.probes.Add(1)
	if err := s.fault.Load(); err != nil {
		return *err
	}
	return nil
}

// A probe takes the way of a message and leaves nothing behind.
func TestProbe(t *testing.T) {
	t.Parallel()
	s := &probed{memory: newMemory()}
	p := startWith(t, ingest.Config{}, ingest.Deps{Store: s, DeadLetters: s, Dirty: s, Fleet: s, Events: s})
	trial := p.Trial()
	for range 3 {
		if err := trial.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.probes.Load(); n != 3 || len(s.log) != 0 || len(s.reasons()) != 0 {
		t.Errorf("%d probes, %v, letters %v; want 3 and nothing written", n, s.log, s.reasons())
	}
}

// source is told how many messages are durable.
type source struct{ durable func(n int) }

func (s *source) Durable(n int) { s.durable(n) }

// A door hands a probe over among the messages of its clients.
func TestProbeOfADoor(t *testing.T) {
	t.Parallel()
	s := &probed{memory: newMemory()}
	p := startWith(t, ingest.Config{}, ingest.Deps{Store: s, DeadLetters: s, Dirty: s, Fleet: s, Events: s})
	acks := make(chan int, 3)
	trial := ingest.NewTrial(func(ctx context.Context, durable func()) error {
		return p.SubmitAll(ctx, []ingest.Message{
			signals(vinA, arrival.UnixMilli(), presage.SignalSpeed), {Topic: ingest.ProbeTopic, Received: arrival},
		}, &source{func(n int) {
			acks <- n
			durable()
		}})
	})
	if err := trial.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := <-acks; n != 2 || s.probes.Load() != 1 || len(s.stored()) != 1 {
		t.Errorf("%d acknowledged, %d probes, %d samples; want 2, 1, 1", n, s.probes.Load(), len(s.stored()))
	}
}

// While the store fails a probe is not acknowledged, one is under way and no
// more, and it is when the store works again.
func TestProbeHeld(t *testing.T) {
	t.Parallel()
	s := &probed{memory: newMemory()}
	s.fault.Store(&errDown)
	room := atomic.Bool{}
	p := startWith(t, ingest.Config{RetryMin: time.Millisecond, RetryMax: time.Millisecond}, ingest.Deps{
		Store: s, DeadLetters: s, Dirty: s, Fleet: s, Events: s,
		Room: func() error {
			if !room.Load() {
				return errDown
			}
			return nil
		},
	})
	trial := p.Trial()
	ended, end := context.WithCancel(t.Context())
	end()
	for range 5 {
		if err := trial.Probe(ended); !errors.Is(err, presage.ErrUnavailable) && !errors.Is(err, context.Canceled) {
			t.Fatalf("%v", err)
		}
	}
	room.Store(true)
	go s.fault.Store(nil)
	if err := trial.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// A letter under the topic of probes is a letter.
func TestProbeTopicOfALetter(t *testing.T) {
	t.Parallel()
	s := &probed{memory: newMemory()}
	p := startWith(t, ingest.Config{}, ingest.Deps{Store: s, DeadLetters: s, Dirty: s, Fleet: s, Events: s})
	pages := [][]presage.DeadLetter{{{ID: 1, Topic: ingest.ProbeTopic, Reason: ingest.ReasonBadTopic}}, nil}
	done, err := ingest.Redrive(t.Context(), p, ingest.LetterBox{
		List: func(context.Context, int64) ([]presage.DeadLetter, error) {
			page := pages[0]
			pages = pages[1:]
			return page, nil
		},
		Now: func() time.Time { return arrival },
	})
	if err != nil || done.Refused[ingest.ReasonBadTopic] != 1 || s.probes.Load() != 0 {
		t.Errorf("%+v, %v, %d probes; want it refused as a bad topic", done, err, s.probes.Load())
	}
}
