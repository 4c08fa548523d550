package contact

import (
	"slices"
	"time"

	"presage"
)

// WorkingDays is the same time of the day n working days later. What comes outside the
// hours counts from the next opening on.
func WorkingDays(w presage.Workshop, from time.Time, n int) time.Time {
	w, zone := withHours(w), ZoneOf(w.Zone)
	t := from.In(zone)
	y, m, d := t.Date()
	begin := t
	switch hour := t.Hour(); {
	case !works(w, t) || hour >= w.CloseHour:
		begin = opening(w, time.Date(y, m, d+1, 0, 0, 0, 0, zone))
	case hour < w.OpenHour:
		begin = opening(w, t)
	}
	for range n {
		y, m, d = begin.Date()
		next := opening(w, time.Date(y, m, d+1, 0, 0, 0, 0, zone))
		y, m, d = next.Date()
		begin = time.Date(y, m, d, begin.Hour(), begin.Minute(), begin.Second(), 0, zone)
	}
	return begin.UTC()
}

// withHours is a workshop with the usual hours where its own are unknown.
func withHours(w presage.Workshop) presage.Workshop {
	if w.OpenHour >= w.CloseHour {
		w.OpenHour, w.CloseHour = 9, 17
	}
	return w
}

// WorkHours are the hours of the first day after the one of t on which the workshop
// works, by its own clock.
func WorkHours(w presage.Workshop, t time.Time) (open, closes time.Time) {
	w = withHours(w)
	y, m, d := t.In(ZoneOf(w.Zone)).Date()
	open = opening(w, time.Date(y, m, d+1, 0, 0, 0, 0, ZoneOf(w.Zone)))
	y, m, d = open.Date()
	return open, time.Date(y, m, d, w.CloseHour, 0, 0, 0, open.Location())
}

// longestClosed bounds the search for a day on which somebody works.
const longestClosed = 31

// opening is when the workshop opens on the first day from t's on on which it works.
func opening(w presage.Workshop, t time.Time) time.Time {
	y, m, d := t.Date()
	for i := range longestClosed {
		day := time.Date(y, m, d+i, w.OpenHour, 0, 0, 0, t.Location())
		if works(w, day) {
			return day
		}
	}
	return time.Date(y, m, d, w.OpenHour, 0, 0, 0, t.Location())
}

// works tells whether the workshop opens on the day of t.
func works(w presage.Workshop, t time.Time) bool {
	if slices.Contains(w.ClosedOn, t.Weekday()) {
		return false
	}
	y, m, d := t.Date()
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	return !slices.ContainsFunc(w.Closures, func(c presage.Closure) bool {
		from, to, err := c.Wall()
		return err == nil && !noon.Before(from) && noon.Before(to)
	})
}
