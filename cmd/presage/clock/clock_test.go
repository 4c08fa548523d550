package clock_test

import (
	"context"
	"errors"
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
