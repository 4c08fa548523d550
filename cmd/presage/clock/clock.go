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
// pace. At pace 1 it follows the wall wherever that goes: set forward or back by
// NTP or by hand, and over a suspended machine, it keeps its distance to it. At
// any other pace it goes by the time that passes, so that a step of an hour is
// not a step of 300. A stopped clock (pace 0) moves only by Set. It is safe for
// use by several goroutines.
type Clock struct {
	wall func() time.Time

	mu   sync.Mutex
	base time.Time // virtual
	from time.Time // wall
	pace float64
}

// Wall returns a clock that runs with the wall, shifted by offset.
func Wall(offset time.Duration) *Clock { return By(time.Now, offset) }

// By is Wall for another wall than the machine's. One whose times hold no
// monotonic reading is followed at every pace.
func By(wall func() time.Time, offset time.Duration) *Clock {
	c := &Clock{wall: wall}
	c.from = c.wall()
	c.base, c.pace = c.from.Round(0).Add(offset), 1
	return c
}

// Stopped returns a clock that stands at t until Set or Run.
func Stopped(t time.Time) *Clock {
	return &Clock{wall: time.Now, base: t.Round(0)}
}

// Now is the virtual time, UTC. It holds no monotonic reading: two of them
// differ by what the clock shows, which may be less than nothing.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	switch c.pace {
	case 0:
		return c.base.UTC()
	case 1:
		// Round strips the monotonic reading, by which Sub would go otherwise.
		return c.base.Add(c.wall().Round(0).Sub(c.from.Round(0))).UTC()
	}
	return c.base.Add(time.Duration(float64(c.wall().Sub(c.from)) * c.pace)).UTC()
}

// Set moves a clock to t; it keeps its pace.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.from = t.Round(0), c.wall()
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
	return c.now().Sub(c.wall().Round(0))
}

// looks is how often Wait looks at a clock that may have been set meanwhile.
const looks = 30 * time.Second

// Wait returns nil once the virtual time t is reached, or ctx's error. A step
// of the wall is noticed within half a minute: t is reached by one forward, and
// after one backward Wait returns at once, before t, so that whoever waits can
// look at the time anew. On a stopped clock it waits for ctx alone.
func (c *Clock) Wait(ctx context.Context, t time.Time) error {
	before := c.Now()
	for {
		c.mu.Lock()
		now, pace := c.now(), c.pace
		c.mu.Unlock()
		if d := t.Sub(now); d <= 0 || now.Before(before) {
			return ctx.Err()
		}
		before = now
		if pace == 0 {
			<-ctx.Done()
			return ctx.Err()
		}
		timer := time.NewTimer(min(time.Duration(float64(t.Sub(now))/pace), looks))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}
