package talk

import (
	"context"
	"errors"
	"slices"
	"time"

	"presage"
	"presage/outreach/contact"
)

// due is when a text that came at Since has to be answered: within a time, or, where
// nothing presses, within working days.
func (s *Switchboard) due(ctx context.Context, c presage.Conversation, customer presage.Customer) (time.Time, error) {
	r := s.Rules()
	switch c.Severity {
	case presage.Safety:
		return c.Since.Add(r.AnswerSafety), nil
	case presage.Mobility:
		return c.Since.Add(r.AnswerMobility), nil
	default:
	}
	w := presage.Workshop{Zone: customer.Zone}
	if c.WorkshopID != "" {
		found, err := s.Store.Workshop(ctx, c.WorkshopID)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return time.Time{}, err
		}
		if err == nil {
			w = found
		}
	}
	return workingDays(w, c.Since, r.AnswerComfortDays), nil
}

// workingDays is the same time of the day n working days later. What comes outside the
// hours counts from the next opening on.
func workingDays(w presage.Workshop, from time.Time, n int) time.Time {
	zone := contact.ZoneOf(w.Zone)
	if w.OpenHour >= w.CloseHour { // unknown hours
		w.OpenHour, w.CloseHour = 9, 17
	}
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
