package contact

import (
	"time"

	"presage"
	"presage/outreach/calendar"
)

// Quiet tells when one customer may be written to: when the hour is decent in each
// place where they may be and, for what they have not asked for, on no holiday there.
type Quiet struct {
	// Hours [From, To) over midnight in which nothing is sent. Equal: never quiet.
	From, To int
	Places   []calendar.Place // one at least
	// Holiday tells whether the day of local is one in a country; nil for no holidays.
	Holiday func(country string, local time.Time) bool
}

// longest is how far ahead a decent moment is looked for: past any row of holidays.
const longest = 100 * 24 * time.Hour

// Until returns when the customer may next be written to: t itself when it is
// decent. Hours and days are wall-clock ones. Where no moment suits all places, as
// in a country around half the globe, those of the first place count; where every
// day is a holiday, none is.
func (q Quiet) Until(t time.Time) time.Time {
	if at, ok := q.first(t); ok {
		return at
	}
	q.Holiday = nil
	if at, ok := q.first(t); ok {
		return at
	}
	q.Places = q.Places[:1]
	at, _ := q.first(t)
	return at
}

// first is the first moment from t on that is decent in all places; false for none.
func (q Quiet) first(t time.Time) (time.Time, bool) {
	at := t
	for at.Sub(t) < longest {
		before := at
		for _, p := range q.Places {
			at = q.in(p, at, t.Add(longest))
		}
		if at.Equal(before) {
			return at, true
		}
	}
	return t, false
}

// in is the first moment from t on that is decent in one place, or one after end.
func (q Quiet) in(p calendar.Place, t, end time.Time) time.Time {
	for !t.After(end) {
		local := t.In(p.Zone)
		switch {
		case q.inside(local.Hour()):
			t = q.next(local)
		case q.Holiday != nil && q.Holiday(p.Country, local):
			t = tomorrow(local)
		default:
			return t
		}
	}
	return t
}

func (q Quiet) inside(hour int) bool {
	if q.From > q.To {
		return hour >= q.From || hour < q.To
	}
	return hour >= q.From && hour < q.To
}

// Morning is the next end of quiet hours that is at least an hour away.
func (q Quiet) Morning(now time.Time) time.Time {
	return q.Until(q.next(now.Add(time.Hour).In(q.Places[0].Zone)))
}

// Evening is the last beginning of quiet hours before t, in the place where it is
// the earliest.
func (q Quiet) Evening(t time.Time) time.Time {
	var first time.Time
	for _, p := range q.Places {
		y, m, d := t.In(p.Zone).Date()
		begin := time.Date(y, m, d, q.From, 0, 0, 0, p.Zone)
		if !begin.Before(t) {
			begin = time.Date(y, m, d-1, q.From, 0, 0, 0, p.Zone)
		}
		if first.IsZero() || begin.Before(first) {
			first = begin.UTC()
		}
	}
	return first
}

// next is the first end of quiet hours that is not before local.
func (q Quiet) next(local time.Time) time.Time {
	y, m, d := local.Date()
	end := time.Date(y, m, d, q.To, 0, 0, 0, local.Location())
	if end.Before(local) {
		end = time.Date(y, m, d+1, q.To, 0, 0, 0, local.Location())
	}
	for q.inside(end.Hour()) { // clocks leave out the hour of the end
		end = end.Add(15 * time.Minute)
	}
	return end.UTC()
}

// tomorrow is the first moment of the day after local's. Where clocks leave out
// midnight it is the first one that there is.
func tomorrow(local time.Time) time.Time {
	y, m, d := local.Date()
	at := time.Date(y, m, d+1, 0, 0, 0, 0, local.Location())
	for at.Day() == d {
		at = at.Add(15 * time.Minute)
	}
	return at.UTC()
}

// ZoneOf is a zone by name, UTC when it is unknown: the offer page must open
// all the same.
func ZoneOf(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}

// ReaderZone is the zone that a customer reads times in: their own, that of their
// workshop when it is not known.
func ReaderZone(c presage.Customer, w presage.Workshop) *time.Location {
	if c.Zone == "" {
		return ZoneOf(w.Zone)
	}
	return ZoneOf(c.Zone)
}

// LangOf is the language that a customer reads.
func LangOf(c presage.Customer) presage.Lang {
	if c.Lang == presage.Chinese {
		return presage.Chinese
	}
	return presage.English
}
