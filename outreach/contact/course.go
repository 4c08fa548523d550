package contact

import (
	"time"

	"presage"
	"presage/outreach/calendar"
	"presage/outreach/rules"
)

// UrgentWait is the longest wait of the route where a safety-critical alert stands.
const UrgentWait = time.Hour

// Course is what the route of an offer follows from.
type Course struct {
	Channels []presage.ChannelName // in the order in which they speak
	Wait     time.Duration         // for an answer, before the next one speaks
	// Proper is when the customer may be written to from a moment on.
	Proper func(time.Time) time.Time
	// Once: the last channel says it once more, Remind before the offer expires,
	// when the waits are over.
	Once    bool
	Remind  time.Duration
	Expires time.Time
}

// Stop is a channel of a route, and when it speaks at the earliest.
type Stop struct {
	Channel presage.ChannelName `json:"channel"`
	At      time.Time           `json:"at"`
	Again   bool                `json:"again,omitempty"` // it says once more what was said
}

// Stops are the route from a moment on, and when the wait for its last channel
// is over. There are none without channels.
func (c Course) Stops(from time.Time) (stops []Stop, end time.Time) {
	end = c.Proper(from)
	for _, channel := range c.Channels {
		stops = append(stops, Stop{Channel: channel, At: end})
		end = c.Proper(end.Add(c.Wait))
	}
	if !c.Once || len(stops) == 0 {
		return stops, end
	}
	once := end
	if latest := c.Expires.Add(-c.Remind); latest.After(once) {
		once = latest
	}
	if once = c.Proper(once); once.Before(c.Expires) {
		stops = append(stops, Stop{Channel: stops[len(stops)-1].Channel, At: once, Again: true})
	}
	return stops, end
}

// QuietOf is when who may be in the places is written to about a purpose by some
// rules: holidays count, but not for safety, nor where it is never quiet.
func QuietOf(r rules.Config, days *calendar.Calendar, places []calendar.Place, about presage.Purpose) Quiet {
	q := Quiet{From: r.QuietFrom, To: r.QuietTo, Places: places}
	if about == presage.PurposeSafety || q.From == q.To {
		return q
	}
	q.Holiday = func(country string, local time.Time) bool {
		if holiday, said := r.Holidays.Said(country, local); said {
			return holiday
		}
		return days.Holiday(country, local)
	}
	return q
}
