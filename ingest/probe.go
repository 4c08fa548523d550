package ingest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"presage"
)

// ProbeTopic is the topic of the message by which the service tries its own
// door, queue and store. No format matches it and nobody else may publish on
// it: it names no vehicle, and leaves no row, letter or count.
const ProbeTopic = "$presage/probe"

// Prober is a Store that can be tried: Probe does what a Write does, with a
// record of its own that replaces the one before.
type Prober interface {
	Probe(ctx context.Context) error
}

// ProbeMessage is a message on ProbeTopic; durable is called when it went
// through queue, batch and store.
func ProbeMessage(at time.Time, durable func()) Message {
	return Message{Topic: ProbeTopic, Received: at, Ack: durable}
}

// waitsPerProbe is after how many waits in vain a probe counts as lost, so that
// another is sent. One that is only held up costs a place in the queue.
const waitsPerProbe = 10

// Trial sends probes on a way that ends at a Pipeline: while one is under way
// all wait for the same. It may be used by many at the same time.
type Trial struct {
	send  func(ctx context.Context, durable func()) error
	mu    sync.Mutex
	way   chan struct{} // closed when the latest probe is durable; nil before the first
	waits int           // for way
}

// NewTrial returns a Trial of a way: send hands a probe over and lets durable
// be called when it is acknowledged. After an error it is not.
func NewTrial(send func(ctx context.Context, durable func()) error) *Trial {
	return &Trial{send: send}
}

// Probe is nil when a probe was acknowledged before ctx ended.
func (t *Trial) Probe(ctx context.Context) error {
	done, err := t.begin(ctx)
	if err != nil {
		return err
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("probe: %w: no acknowledgement in time (%w)", presage.ErrUnavailable, ctx.Err())
	}
}

// begin sends a probe, unless one is under way.
func (t *Trial) begin(ctx context.Context) (<-chan struct{}, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.way != nil && !closed(t.way) && t.waits < waitsPerProbe {
		t.waits++
		return t.way, nil
	}
	done := make(chan struct{})
	if err := t.send(ctx, sync.OnceFunc(func() { close(done) })); err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	t.way, t.waits = done, 1
	return done, nil
}

func closed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// Trial tries the pipeline alone, without a door before it.
func (p *Pipeline) Trial() *Trial {
	return NewTrial(func(ctx context.Context, durable func()) error {
		return p.Submit(ctx, ProbeMessage(p.now(), durable))
	})
}

func (p *Pipeline) now() time.Time {
	if p.deps.Now == nil {
		return time.Time{}
	}
	return p.deps.Now()
}

// probes tells whether the message is a probe. A letter driven again is none.
func (it *item) probes() bool { return it.msg.Topic == ProbeTopic && it.redrive == nil }
