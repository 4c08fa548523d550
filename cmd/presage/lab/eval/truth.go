package eval

import (
	"slices"
	"time"

	"presage/simulator"
)

// ComponentTruth is what really happened to one component of a simulated vehicle,
// as its hidden truth was looked at now and then. Looks and breakdowns come in order of time.
type ComponentTruth struct {
	events []event
	last   simulator.Truth
	at     time.Time // of the last look
	seen   bool
}

// event is a failure, or a renewal (also: pumped up, repaired).
type event struct {
	at     time.Time
	failed bool
	silent bool // what led to it showed in no signal
}

const (
	// dropped is how much less of the life is used than at the look before when somebody renewed it.
	dropped = 0.2
	// sameOne: a breakdown is reported when it is repaired; what the truth
	// showed so shortly before is the same failure.
	sameOne = 3 * 24 * time.Hour
)

// Look takes the truth at an instant. A component fails when its life is used
// up. When the owner or a workshop renewed it between two looks, it counts as
// failed if by the first look it would have been used up by the second; a
// breakdown told in between is that failure already.
func (c *ComponentTruth) Look(t simulator.Truth, at time.Time) {
	before, since := c.last, c.at
	known := c.seen
	c.last, c.at, c.seen = t, at, true
	switch {
	case !known:
		if t.Used >= 1 {
			c.add(at, true, t.Silent)
		}
	case t.Used < before.Used-dropped && c.Renewed(since, at):
	case t.Used < before.Used-dropped:
		if before.Used < 1 && !before.FailsAt.IsZero() && !before.FailsAt.After(at) {
			c.add(at, true, before.Silent)
		}
		c.add(at, false, before.Silent)
	case t.Used >= 1 && before.Used < 1:
		c.add(at, true, before.Silent)
	}
}

// Broke takes a breakdown, repaired at an instant.
func (c *ComponentTruth) Broke(at time.Time) {
	silent := c.last.Silent
	c.events = slices.DeleteFunc(c.events, func(e event) bool {
		same := !e.at.Before(at.Add(-sameOne))
		silent = silent || same && e.silent
		return same
	})
	c.add(at, true, silent)
	c.add(at, false, false)
}

func (c *ComponentTruth) add(at time.Time, failed, silent bool) {
	c.events = append(c.events, event{at, failed, silent})
}

// Silent tells whether the failure at an instant showed in no signal.
func (c *ComponentTruth) Silent(at time.Time) bool {
	return slices.ContainsFunc(c.events, func(e event) bool { return e.failed && e.silent && e.at.Equal(at) })
}

// Spent tells whether the component was used up at an instant.
func (c *ComponentTruth) Spent(at time.Time) bool {
	spent := false
	for _, e := range c.events {
		if !e.at.After(at) {
			spent = e.failed
		}
	}
	return spent
}

// Fails tells whether it was used up at an instant, or failed after it and no later than until.
func (c *ComponentTruth) Fails(at, until time.Time) bool {
	return c.Spent(at) || c.within(true, at, until)
}

// Renewed tells whether somebody renewed it after an instant and no later than until.
func (c *ComponentTruth) Renewed(at, until time.Time) bool { return c.within(false, at, until) }

// Failures lists the failures after an instant and no later than until.
func (c *ComponentTruth) Failures(at, until time.Time) []time.Time {
	var out []time.Time
	for _, e := range c.events {
		if e.failed && e.at.After(at) && !e.at.After(until) {
			out = append(out, e.at)
		}
	}
	return out
}

func (c *ComponentTruth) within(failed bool, at, until time.Time) bool {
	return slices.ContainsFunc(c.events, func(e event) bool {
		return e.failed == failed && e.at.After(at) && !e.at.After(until)
	})
}
