package booking

import (
	"fmt"
	"slices"
	"time"

	"presage"
)

// longestRest is how long a car may stand between two of its days: a weekend
// with a holiday. Over a longer one no visit is planned.
const longestRest = 4 * 24 * time.Hour

// piece is a time of work without a break, on one local day. Wall-clock times
// are written as UTC here, which has every hour of every day once.
type piece struct {
	presage.Span
	day time.Time // midnight on the wall
}

// shut is when a workshop is closed against its week: closures in time of the
// wall, and holidays.
type shut struct {
	zone    *time.Location
	closed  []presage.Span
	holiday func(local time.Time) bool
}

// shutOf reads the closures and holidays of a search's workshop.
func shutOf(s Search, zone *time.Location) (shut, error) {
	x := shut{zone: zone, closed: make([]presage.Span, 0, len(s.Workshop.Closures)), holiday: s.Holiday}
	for _, c := range s.Workshop.Closures {
		f, t, err := c.Wall()
		if err != nil {
			return x, fmt.Errorf("workshop %s: closure: %w", s.Workshop.ID, err)
		}
		if rest := t.Sub(t.Truncate(Grid)); rest > 0 {
			t = t.Add(Grid - rest)
		}
		x.closed = append(x.closed, presage.Span{From: f, To: t})
	}
	return x, nil
}

// openHours lists when a week's hours are worked, from the day before from to the day after to.
func (x shut) openHours(week presage.Week, from, to time.Time) []piece {
	const day = 24 * time.Hour
	var list []piece
	last := onWall(to, x.zone).Add(day)
	for d := onWall(from, x.zone).Truncate(day).Add(-day); !d.After(last); d = d.Add(day) {
		if len(week[d.Weekday()]) == 0 || x.holiday != nil && x.holiday(d) {
			continue
		}
		for _, of := range week[d.Weekday()] {
			for _, h := range cut(presage.Span{From: d.Add(of.From), To: d.Add(of.To)}, x.closed) {
				for _, s := range shown(x.zone, h.From, h.To) {
					list = append(list, piece{s, d})
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b piece) int { return a.From.Compare(b.From) })
	return list
}

// onWall is what the clocks of zone show at t, written as UTC.
func onWall(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// cut takes the closed stretches out of the hours.
func cut(hours presage.Span, closed []presage.Span) []presage.Span {
	left := []presage.Span{hours}
	for _, c := range closed {
		var next []presage.Span
		for _, h := range left {
			for _, s := range []presage.Span{{From: h.From, To: earlier(h.To, c.From)}, {From: later(h.From, c.To), To: h.To}} {
				if s.From.Before(s.To) {
					next = append(next, s)
				}
			}
		}
		left = next
	}
	return left
}

// shown returns the instants at which the clocks of zone show [from, to):
// nothing of what a clock change or a change of the date line skips, and both
// times what it repeats.
func shown(zone *time.Location, from, to time.Time) []presage.Span {
	const most = 26 * time.Hour // further from UTC no zone has ever been
	var list []presage.Span
	for t, last := from.Add(-most), to.Add(most); t.Before(last); {
		_, offset := t.In(zone).Zone()
		_, end := t.In(zone).ZoneBounds()
		switch {
		case end.IsZero():
			end = last
		case !end.After(t): // Go takes the last day of a leap year for the next year's first, after 2037
			end = t.Add(24 * time.Hour)
		}
		shift := -time.Duration(offset) * time.Second
		s := presage.Span{From: later(t, from.Add(shift)), To: earlier(end.UTC(), to.Add(shift))}
		switch n := len(list); {
		case !s.From.Before(s.To):
		case n > 0 && list[n-1].To.Equal(s.From):
			list[n-1].To = s.To
		default:
			list = append(list, s)
		}
		t = end.UTC()
	}
	return list
}

// starts yields the grid starts of a piece in [from, to).
func (b *book) starts(p piece, from, to time.Time) func(yield func(time.Time) bool) {
	return func(yield func(time.Time) bool) {
		first := p.From
		if w := onWall(first, b.zone); !w.Equal(w.Truncate(Grid)) {
			first = first.Add(Grid - w.Sub(w.Truncate(Grid)))
		}
		if late := from.Sub(first); late > 0 {
			first = first.Add(roundUp(late))
		}
		for t := first; t.Before(p.To) && t.Before(to); t = t.Add(Grid) {
			if !yield(t) {
				return
			}
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
