package presage

import (
	"fmt"
	"time"
)

// Span is a stretch of time, [From, To).
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Closure is a stretch of a workshop's local time in which nobody works there:
// a public holiday, a company outing. Dates and hours are written as they are
// read on the wall, without a zone.
type Closure struct {
	From string `json:"from"`           // "2026-12-24", or with an hour, "2026-12-24T13:00"
	To   string `json:"to,omitempty"`   // the last day, or the hour at which work goes on; empty: the rest of From's day
	Note string `json:"note,omitempty"` // "Christmas"
	By   string `json:"by,omitempty"`   // who made it on the board; it stays when a list of the fleet lacks it
}

// Absence is a stretch in which one bay or technician is missing: a repair, a
// training, leave.
type Absence struct {
	Resource string `json:"resource"` // bay or technician ID
	Closure
}

// ID names the block by what it is; the resource of a closure is empty.
func (a Absence) ID() string {
	from, to, err := a.Wall()
	if err != nil {
		return ""
	}
	const form = "20060102T1504"
	return a.Resource + "." + from.Format(form) + "." + to.Format(form)
}

// wallHour is how a local hour is written.
const wallHour = "2006-01-02T15:04"

// Wall reads the stretch as [from, to) of wall-clock time, written as if the
// clocks showed UTC. ErrInvalid when it cannot be read or ends before it begins.
func (c Closure) Wall() (from, to time.Time, err error) {
	from, _, err = wall(c.From)
	if err != nil {
		return from, to, err
	}
	to = from.Truncate(24 * time.Hour).Add(24 * time.Hour)
	if c.To != "" {
		var day bool
		if to, day, err = wall(c.To); err != nil {
			return from, to, err
		}
		if day {
			to = to.Add(24 * time.Hour)
		}
	}
	if !to.After(from) {
		return from, to, fmt.Errorf("%w stretch: %q is not after %q", ErrInvalid, c.To, c.From)
	}
	return from, to, nil
}

func wall(text string) (t time.Time, day bool, err error) {
	if t, err = time.Parse(time.DateOnly, text); err == nil {
		return t, true, nil
	}
	if t, err = time.Parse(wallHour, text); err == nil {
		return t, false, nil
	}
	return t, false, fmt.Errorf("%w local time %.40q: want 2026-12-24 or 2026-12-24T13:00", ErrInvalid, text)
}
