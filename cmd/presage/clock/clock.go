// Package clock is the service's time. Stages take a `Now func() time.Time`
// and never look at the wall; here is where the wall, an offset and a pace
// become that function, so that a demo can live through 120 days in a minute
// and go on at 300 times the wall's pace without any stage knowing.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock gives virtual time: a base instant plus the wall time since, times a
// pace. A stopped clock (pace 0) moves only by Set. It is safe for use by
// several goroutines.
type Clock struct {
	wall func() time.Time

	mu   sync.Mutex
	base time.Time // virtual
	from time.Time // wall
	pace float64
}

// Wall returns a clock that runs with the wall, shifted by offset.
func Wall(offset time.Duration) *Clock {
	c := &Clock{wall: time.Now}
	c.from = c.wall()
	c.base, c.pace = c.from.Add(offset), 1
	return c
}

// Stopped returns a clock that stands at t until Set or Run.
func Stopped(t time.Time) *Clock {
	return &Clock{wall: time.Now, base: t}
}

// Now is the virtual time, UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.pace == 0 {
		return c.base.UTC()
	}
	return c.base.Add(time.Duration(float64(c.wall().Sub(c.from)) * c.pace)).UTC()
}

// Set moves a clock to t; it keeps its pace.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.from = t, c.wall()
}

// Run lets the clock go on from where it stands at the given pace (virtual
// seconds a wall second, at least 0).
func (c *Clock) Run(pace float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.from, c.pace = c.now(), c.wall(), max(pace, 0)
}

// Pace is virtual seconds a wall second.
func (c *Clock) Pace() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pace
}

// Offset is how far the clock is ahead of the wall now.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now().Sub(c.wall())
}

// Wait returns nil once the virtual time t is reached, or ctx's error. On a
// stopped clock it waits for ctx alone.
func (c *Clock) Wait(ctx context.Context, t time.Time) error {
	c.mu.Lock()
	d, pace := t.Sub(c.now()), c.pace
	c.mu.Unlock()
	if d <= 0 {
		return ctx.Err()
	}
	if pace == 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	timer := time.NewTimer(time.Duration(float64(d) / pace))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
