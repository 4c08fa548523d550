package ingest_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// batchOfSample is which batch of five a sample of numbered belongs to.
func batchOfSample(samples []presage.Sample) int { return int(samples[0].Readings[0].Value.Number) / 5 }

// counter is a source that notes what it is told.
type counter struct{ durable int }

func (c *counter) Durable(n int) { c.durable += n }

// Three batches are written at the same time and done in the wrong order:
// nothing is acknowledged before the first, and then everything in order.
func TestWritersFinishOutOfOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		gates := []chan struct{}{make(chan struct{}), make(chan struct{}), make(chan struct{})}
		done := make(chan int, len(gates))
		m.setWrite(func(samples []presage.Sample) error {
			n := batchOfSample(samples)
			<-gates[n]
			done <- n
			return nil
		})
		p := start(t, m, ingest.Config{BatchMessages: 5, Writers: 3})
		acks := make(chan int, 15)
		for i := range 15 {
			submit(t, p, numbered(vinA, i, acks))
		}
		for _, n := range []int{2, 1} {
			close(gates[n])
			synctest.Wait()
			if len(acks) > 0 {
				t.Fatalf("acknowledged after batch %d, before batch 0 is durable", n)
			}
		}
		close(gates[0])
		synctest.Wait()
		if diff := cmp.Diff([]int{2, 1, 0}, drain(done)); diff != "" {
			t.Error("not written side by side: ", diff)
		}
		if diff := cmp.Diff(upTo(15), drain(acks)); diff != "" {
			t.Error(diff)
		}
	})
}

// A batch that cannot be written holds the acknowledgements of all later ones.
func TestFailingWriterHoldsLaterBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		fail := func(samples []presage.Sample) error {
			if batchOfSample(samples) == 1 {
				return errDown
			}
			return nil
		}
		m.setWrite(fail)
		p := start(t, m, ingest.Config{BatchMessages: 5, Writers: 4, Linger: time.Hour})
		acks := make(chan int, 20)
		for i := range 20 {
			submit(t, p, numbered(vinA, i, acks))
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if diff := cmp.Diff(upTo(5), drain(acks)); diff != "" {
			t.Error(diff)
		}
		if n := len(m.stored()); n != 15 {
			t.Errorf("%d samples stored beside the failing batch, want 15", n)
		}
		if err := p.Ready(t.Context()); !errors.Is(err, errDown) {
			t.Errorf("Ready: %v", err)
		}
		m.setWrite(nil)
		time.Sleep(10 * time.Second) // the longest wait between attempts
		synctest.Wait()
		if diff := cmp.Diff(upTo(20)[5:], drain(acks)); diff != "" {
			t.Error(diff)
		}
		if err := p.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A run is told of by number, one message at a time by Ack, all in order.
func TestRunsAreNamedToTheirSource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		p := start(t, m, ingest.Config{QueueMessages: 8})
		acks, from := make(chan int, 3), &counter{}
		var run []ingest.Message
		for i := range 3000 { // many times what the queue holds
			run = append(run, numbered(vinA, i, acks))
		}
		if err := p.SubmitAll(t.Context(), run, from); err != nil {
			t.Fatal(err)
		}
		submit(t, p, numbered(vinA, 3000, acks))
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if from.durable != 3000 || len(m.stored()) != 3001 {
			t.Errorf("%d durable, %d stored", from.durable, len(m.stored()))
		}
		if diff := cmp.Diff([]int{3000}, drain(acks)); diff != "" {
			t.Error("Ack is for single messages: ", diff)
		}
	})
}

// busyError asks to be left alone for a while.
type busyError struct{}

func (busyError) Error() string             { return "busy" }
func (busyError) RetryAfter() time.Duration { return 30 * time.Second }

func TestStoreIsLeftAloneAsItAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		var attempts []time.Duration
		first := time.Now()
		m.setWrite(func([]presage.Sample) error {
			attempts = append(attempts, time.Since(first).Truncate(time.Second))
			if len(attempts) < 3 {
				return busyError{}
			}
			return nil
		})
		p := start(t, m, ingest.Config{})
		acks := make(chan int, 1)
		submit(t, p, numbered(vinA, 0, acks))
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{0, 30 * time.Second, time.Minute}, attempts); diff != "" {
			t.Error(diff)
		}
	})
}
