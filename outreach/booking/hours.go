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

// openHours lists when the workshop works, from the day before from to the day after to.
func openHours(w presage.Workshop, zone *time.Location, from, to time.Time) ([]piece, error) {
	const day = 24 * time.Hour
	closed := make([]presage.Span, 0, len(w.Closures))
	for _, c := range w.Closures {
		f, t, err := c.Wall()
		if err != nil {
			return nil, fmt.Errorf("workshop %s: closure: %w", w.ID, err)
		}
		if rest := t.Sub(t.Truncate(Grid)); rest > 0 {
			t = t.Add(Grid - rest)
		}
		closed = append(closed, presage.Span{From: f, To: t})
	}
	var list []piece
	last := onWall(to, zone).Add(day)
	for d := onWall(from, zone).Truncate(day).Add(-day); !d.After(last); d = d.Add(day) {
		if slices.Contains(w.ClosedOn, d.Weekday()) {
			continue
		}
		hours := presage.Span{
			From: d.Add(time.Duration(w.OpenHour) * time.Hour), To: d.Add(time.Duration(w.CloseHour) * time.Hour),
		}
		for _, h := range cut(hours, closed) {
			for _, s := range shown(zone, h.From, h.To) {
				list = append(list, piece{s, d})
			}
		}
	}
	slices.SortFunc(list, func(a, b piece) int { return a.From.Compare(b.From) })
	return list, nil
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
		if end.IsZero() {
			end = last
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

// hours are the opening hours of a visit that begins at start in the i-th
// piece. What fits into a day stays in one piece; what does not goes on when
// the workshop opens again, over no more days than it has to. Nil when the work
// does not fit.
func (b *book) hours(i int, start time.Time) []presage.Span {
	if end := start.Add(b.duration); !end.After(b.open[i].To) {
		return []presage.Span{{From: start, To: end}}
	}
	if b.days == 1 {
		return nil
	}
	var list []presage.Span
	rest, days := b.duration, 1
	for j, p := range b.open[i:] {
		if j > 0 {
			before := b.open[i+j-1]
			if p.From.Sub(before.To) > longestRest {
				return nil
			}
			if !p.day.Equal(before.day) {
				days++
			}
		}
		if days > b.days {
			return nil
		}
		from := later(p.From, start)
		s := presage.Span{From: from, To: earlier(p.To, from.Add(rest))}
		list = append(list, s)
		if rest -= s.To.Sub(s.From); rest == 0 {
			return list
		}
	}
	return nil
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
