package clock_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"presage/cmd/presage/clock"
)

// Inside a synctest bubble the wall is virtual itself, so every figure is exact.
func TestPaceAndOffset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := clock.Stopped(start.Add(-24 * time.Hour))
		time.Sleep(time.Minute) // virtual: synctest advances it at once
		if got, want := c.Now(), start.Add(-24*time.Hour); !got.Equal(want) {
			t.Errorf("a stopped clock shows %v, want %v", got, want)
		}
		c.Set(start)
		c.Run(300)
		if err := c.Wait(t.Context(), start.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got, want := time.Since(start), time.Minute+12*time.Second; got != want {
			t.Errorf("an hour at pace 300 took %v of wall time in all, want %v", got, want)
		}
		if got, want := c.Offset(), time.Hour-time.Minute-12*time.Second; got != want {
			t.Errorf("offset %v, want %v", got, want)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]*clock.Clock{"running": clock.Wall(0), "stopped": clock.Stopped(time.Now())} {
		if err := c.Wait(ctx, c.Now().Add(time.Hour)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s clock: Wait gave %v, want context.Canceled", name, err)
		}
	}
}

// machine is a wall clock that can be set. Its times hold no monotonic reading
// that would tell; time passes as in the bubble.
type machine struct {
	mu   sync.Mutex
	step time.Duration
}

func (m *machine) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Round(0).Add(m.step)
}

func (m *machine) set(by time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.step += by
}

// The wall is set both ways, and the clock goes with it and keeps its offset.
func TestFollowsTheWall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m machine
		c := clock.By(m.now, time.Hour)
		for _, by := range []time.Duration{72 * time.Hour, -100 * 24 * time.Hour, time.Second} {
			m.set(by)
			time.Sleep(time.Minute)
			if got, want := c.Now(), m.now().Add(time.Hour); !got.Equal(want) || c.Offset() != time.Hour {
				t.Errorf("after a step of %v the clock shows %v, want %v", by, got, want)
			}
		}
	})
}

// A machine that was suspended, or set while the process ran, has a wall that
// differs from what Go's monotonic clock says: what Now returns holds none.
func TestTimesHoldNoMonotonicReading(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*clock.Clock{"wall": clock.Wall(0), "stopped": clock.Stopped(time.Now())} {
		if got := c.Now(); got != got.Round(0) { // == tells the reading apart, Equal does not
			t.Errorf("%s: %v", name, got)
		}
		c.Set(time.Now())
		if got := c.Now(); got != got.Round(0) {
			t.Errorf("%s after Set: %v", name, got)
		}
	}
}

// Who waits for a night notices a step within half a minute: forward it is
// there, backward there is time to ask anew which night comes next.
func TestWaitNoticesSteps(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{"forward": 72 * time.Hour, "backward": -72 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var m machine
				c, began := clock.By(m.now, 0), time.Now()
				done := make(chan error, 1)
				go func() { done <- c.Wait(t.Context(), c.Now().Add(20*time.Hour)) }()
				time.Sleep(time.Hour)
				m.set(by)
				if err := <-done; err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took > time.Hour+30*time.Second {
					t.Errorf("noticed after %v", took)
				}
			})
		})
	}
}
