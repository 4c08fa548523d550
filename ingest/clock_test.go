package ingest_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// slowClock is a service's clock that can be set; it stands still otherwise.
type slowClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *slowClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *slowClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// carOf is a made-up VIN of a place that asks for no check digit.
func carOf(i int) presage.VIN { return presage.VIN(fmt.Sprintf("WP0ZZZ99ZTS%06d", i)) }

// told is a message of vin that says at, arriving when the clock shows received.
func told(vin presage.VIN, at, received time.Time, n int, acks chan<- int) ingest.Message {
	return ingest.Message{
		Topic: ingest.TelemetryTopic(vin), Received: received, Ack: func() { acks <- n },
		Payload: fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, at.UnixMilli()+int64(n), n),
	}
}

func clocked(t *testing.T, m *memory, c *slowClock, cfg ingest.Config) *ingest.Pipeline {
	t.Helper()
	return startWith(t, cfg, ingest.Deps{Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Now: c.now})
}

// A machine that starts three days behind: what the fleet sends waits, /readyz
// tells, and when the clock is set right it is stored and acknowledged, in
// order and without a letter.
func TestAClockThatIsBehindHoldsAndJudgesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		truth := arrival
		c, m := &slowClock{t: truth.Add(-72 * time.Hour)}, newMemory()
		p := clocked(t, m, c, ingest.Config{QueueMessages: 1000})
		acks := make(chan int, 1000)
		for n := range 500 {
			submit(t, p, told(carOf(n%5), truth, c.now(), n, acks))
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := drain(acks); len(got) > 0 {
			t.Error("acknowledged while the clock is behind:", got)
		}
		_, err := p.Clock()
		if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "72h0m0s") || p.Ready(t.Context()) == nil {
			t.Errorf("not told: %v, %v", err, p.Ready(t.Context()))
		}
		c.set(truth.Add(time.Hour))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff(upTo(500), drain(acks)); diff != "" {
			t.Error(diff)
		}
		if len(m.stored()) != 500 || len(m.reasons()) > 0 {
			t.Errorf("%d stored, letters: %v", len(m.stored()), m.reasons())
		}
		if _, err := p.Clock(); err != nil || p.Ready(t.Context()) != nil {
			t.Error(err)
		}
	})
}

// Two vehicles of which the clock is wrong, in a fleet of ten, hold nobody.
func TestVehiclesWithAWrongClockDoNotHoldTheFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, m := &slowClock{t: arrival}, newMemory()
		p := clocked(t, m, c, ingest.Config{})
		acks := make(chan int, 1000)
		for n := range 100 {
			at := arrival
			if n%10 < 2 {
				at = arrival.Add(24 * time.Hour)
			}
			submit(t, p, told(carOf(n%10), at, arrival, n, acks))
		}
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(upTo(100), drain(acks)); diff != "" {
			t.Error(diff)
		}
		if n := len(m.stored()); n != 80 || len(m.reasons()) != 20 {
			t.Errorf("%d stored, %d letters", n, len(m.reasons()))
		}
	})
}

// Three vehicles that alone spoke at first wait; when others are heard that
// agree with the service, the three are judged after all.
func TestTheMajorityMayChangeWhileMessagesWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, m := &slowClock{t: arrival}, newMemory()
		p := clocked(t, m, c, ingest.Config{})
		acks := make(chan int, 1000)
		for n := range 3 {
			submit(t, p, told(carOf(n), arrival.Add(24*time.Hour), arrival, n, acks))
		}
		synctest.Wait()
		if _, err := p.Clock(); err == nil {
			t.Fatal("the three do not hold")
		}
		for n := range 3 {
			submit(t, p, told(carOf(3+n), arrival, arrival, 3+n, acks))
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff(upTo(6), drain(acks)); diff != "" {
			t.Error(diff)
		}
		if len(m.stored()) != 3 || len(m.reasons()) != 3 {
			t.Error(m.stored(), m.reasons())
		}
	})
}

// The queue bounds what waits: whoever submits is held too, and goes on later.
func TestWhatWaitsForTheClockIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, m := &slowClock{t: arrival.Add(-72 * time.Hour)}, newMemory()
		p := clocked(t, m, c, ingest.Config{QueueMessages: 10})
		acks, submitted := make(chan int, 1000), make(chan int, 1000)
		go func() {
			for n := range 100 {
				if p.Submit(t.Context(), told(carOf(n%5), arrival, c.now(), n, acks)) != nil {
					return
				}
				submitted <- n
			}
		}()
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := len(submitted); n > 12 {
			t.Errorf("%d messages are in a queue of 10", n)
		}
		c.set(arrival)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if len(acks) != 100 || len(m.stored()) != 100 {
			t.Errorf("%d acknowledged, %d stored", len(acks), len(m.stored()))
		}
	})
}

// A clock that is days before all vehicles is told, and holds nothing.
func TestAClockThatIsAheadIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, m := &slowClock{t: arrival.Add(365 * 24 * time.Hour)}, newMemory()
		p := clocked(t, m, c, ingest.Config{})
		acks := make(chan int, 1000)
		for n := range 5 {
			submit(t, p, told(carOf(n), arrival, c.now(), n, acks))
		}
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if note, err := p.Clock(); err != nil || !strings.Contains(note, "8760h0m0s") || len(m.stored()) != 5 {
			t.Errorf("%q %v", note, err)
		}
		c.set(arrival)
		submit(t, p, told(carOf(0), arrival, arrival, 5, acks))
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if note, err := p.Clock(); err != nil || note != "" {
			t.Errorf("%q %v", note, err)
		}
	})
}

// JudgeAlone is the service's own clock whatever the fleet says.
func TestJudgeAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, m := &slowClock{t: arrival.Add(-72 * time.Hour)}, newMemory()
		p := clocked(t, m, c, ingest.Config{JudgeAlone: true})
		acks := make(chan int, 1000)
		for n := range 10 {
			submit(t, p, told(carOf(n), arrival, c.now(), n, acks))
		}
		if err := p.Flush(t.Context()); err != nil || len(m.reasons()) != 10 {
			t.Error(err, m.reasons())
		}
	})
}

// A vehicle that is the only one heard, and ahead, is judged after a moment in
// which others may speak up.
func TestALoneVehicleWithAWrongClockIsJudged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, m := &slowClock{t: arrival}, newMemory()
		p := clocked(t, m, c, ingest.Config{})
		acks := make(chan int, 10)
		submit(t, p, told(carOf(1), arrival.Add(time.Hour), arrival, 0, acks))
		submit(t, p, told(carOf(1), arrival.Add(time.Hour), arrival, 1, acks))
		time.Sleep(3500 * time.Millisecond)
		synctest.Wait()
		if diff := cmp.Diff([]string{ingest.ReasonFutureTime, ingest.ReasonFutureTime}, m.reasons()); diff != "" || len(acks) != 2 {
			t.Error(diff, len(acks))
		}
	})
}
