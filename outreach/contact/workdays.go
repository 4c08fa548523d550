package contact

import (
	"slices"
	"time"

	"presage"
)

// WorkingDays is the same time of the day n working days later. What comes outside the
// hours counts from the next opening on.
func (p *Planner) WorkingDays(w presage.Workshop, from time.Time, n int) time.Time {
	x := p.workdays(w)
	t := from.In(x.zone)
	begin := t
	if open, closes, works := x.of(t); !works || !t.Before(closes) {
		begin, _ = x.next(t)
	} else if t.Before(open) {
		begin = open
	}
	for range n {
		next, _ := x.next(begin)
		y, m, d := next.Date()
		begin = time.Date(y, m, d, begin.Hour(), begin.Minute(), begin.Second(), 0, x.zone)
	}
	return begin.UTC()
}

// WorkHours are the hours of the first day after the one of t on which the workshop
// works, by its own clock, from the first opening to the last closing.
func (p *Planner) WorkHours(w presage.Workshop, t time.Time) (open, closes time.Time) {
	x := p.workdays(w)
	return x.next(t.In(x.zone))
}

// workdays is when a workshop works.
type workdays struct {
	workshop presage.Workshop
	week     presage.Week
	zone     *time.Location
	holiday  func(country string, local time.Time) bool
}

// workdays reads the hours of a workshop; the usual ones where its own are unknown.
func (p *Planner) workdays(w presage.Workshop) workdays {
	x := workdays{workshop: w, zone: ZoneOf(w.Zone), holiday: p.Calendar.Holiday}
	var err error
	if x.week, err = w.Opening(); err != nil || x.week.Empty() {
		usual := presage.Workshop{OpenHour: 9, CloseHour: 17, ClosedOn: w.ClosedOn}
		x.week, _ = usual.Opening() // of whole hours: nothing to be read
	}
	return x
}

// longestClosed bounds the search for a day on which somebody works.
const longestClosed = 31

// next is the first day on which somebody works after the day of t.
func (x workdays) next(t time.Time) (open, closes time.Time) {
	y, m, d := t.Date()
	for i := range longestClosed {
		var works bool
		if open, closes, works = x.of(time.Date(y, m, d+1+i, 12, 0, 0, 0, x.zone)); works {
			return open, closes
		}
	}
	return time.Date(y, m, d+1, 9, 0, 0, 0, x.zone), time.Date(y, m, d+1, 17, 0, 0, 0, x.zone)
}

// of are the hours of the day of t; false when nobody works on it.
func (x workdays) of(t time.Time) (open, closes time.Time, works bool) {
	hours := x.week[t.Weekday()]
	if len(hours) == 0 || x.closed(t) {
		return open, closes, false
	}
	y, m, d := t.Date()
	wall := func(after time.Duration) time.Time {
		return time.Date(y, m, d, 0, int(after.Minutes()), 0, 0, x.zone)
	}
	return wall(hours[0].From), wall(hours[len(hours)-1].To), true
}

// closed tells of a holiday, and of a day whose noon lies in a closure.
func (x workdays) closed(t time.Time) bool {
	if x.workshop.Holidays != "" && x.holiday(x.workshop.Holidays, t) {
		return true
	}
	y, m, d := t.Date()
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	return slices.ContainsFunc(x.workshop.Closures, func(c presage.Closure) bool {
		from, to, err := c.Wall()
		return err == nil && !noon.Before(from) && noon.Before(to)
	})
}
