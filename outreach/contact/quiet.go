package contact

import (
	"time"

	"presage"
)

// QuietHours are the local hours in which nothing is sent to a customer,
// [From, To) over midnight. Equal: never quiet.
type QuietHours struct{ From, To int }

// Until returns when a customer may next be written to: t itself outside quiet
// hours, else the end of them. Hours are wall-clock hours in zone.
func (q QuietHours) Until(t time.Time, zone *time.Location) time.Time {
	if q.From == q.To {
		return t
	}
	local := t.In(zone)
	h := local.Hour()
	inside := h >= q.From && h < q.To
	if q.From > q.To {
		inside = h >= q.From || h < q.To
	}
	if !inside {
		return t
	}
	return q.next(local)
}

// Morning is the next end of quiet hours that is at least an hour away.
func (q QuietHours) Morning(now time.Time, zone *time.Location) time.Time {
	return q.next(now.Add(time.Hour).In(zone))
}

// Evening is the last beginning of quiet hours before t.
func (q QuietHours) Evening(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	begin := time.Date(y, m, d, q.From, 0, 0, 0, zone)
	if !begin.Before(t) {
		begin = time.Date(y, m, d-1, q.From, 0, 0, 0, zone)
	}
	return begin.UTC()
}

// next is the first end of quiet hours that is not before local.
func (q QuietHours) next(local time.Time) time.Time {
	y, m, d := local.Date()
	end := time.Date(y, m, d, q.To, 0, 0, 0, local.Location())
	if end.Before(local) {
		end = time.Date(y, m, d+1, q.To, 0, 0, 0, local.Location())
	}
	return end.UTC()
}

// ZoneOf is a zone by name, UTC when it is unknown: the offer page must open
// all the same.
func ZoneOf(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}

// LangOf is the language that a customer reads.
func LangOf(c presage.Customer) presage.Lang {
	if c.Lang == presage.Chinese {
		return presage.Chinese
	}
	return presage.English
}
