package gbt32960

import (
	"time"

	"presage"
)

const (
	// rememberedVehicles bounds the memory of alarms; beyond it one vehicle is
	// forgotten for each new one, which costs that one a repeated event.
	rememberedVehicles = 100_000
	// alarmPause is after how long without a word an alarm counts as new again.
	alarmPause = 24 * time.Hour
)

// rising remembers which alarms a vehicle has told of, so that an alarm that is
// sent with every frame becomes one event. Nothing is lost with this memory: an
// alarm that is not remembered becomes an event once more.
type rising map[presage.VIN]map[string]span

// span is how long an alarm has been told of.
type span struct{ first, last time.Time }

// events are those of o's alarms that have just appeared. A message that is
// read again gives the same events again; one that comes late gives those that
// were not known for its time.
func (r rising) events(o *output) []presage.Event {
	if o.alarms == nil {
		return nil
	}
	known := r[o.vin]
	var now map[string]span
	var out []presage.Event
	for _, a := range o.alarms.active {
		key := a.kind + a.code
		s, ok := known[key]
		if !ok || !o.at.After(s.first) || o.at.Sub(s.last) > alarmPause {
			out = append(out, a.event(o))
			s.first = o.at
		}
		if o.at.After(s.last) {
			s.last = o.at
		}
		if now == nil {
			now = make(map[string]span, len(o.alarms.active))
		}
		now[key] = s
	}
	for key, s := range known {
		if _, still := now[key]; !still && !o.at.After(s.last) { // late: it may be there still
			if now == nil {
				now = map[string]span{}
			}
			now[key] = s
		}
	}
	r.keep(o.vin, now)
	return out
}

func (r rising) keep(vin presage.VIN, now map[string]span) {
	if len(now) == 0 {
		delete(r, vin)
		return
	}
	if _, ok := r[vin]; !ok && len(r) >= rememberedVehicles {
		for other := range r {
			delete(r, other)
			break
		}
	}
	r[vin] = now
}
