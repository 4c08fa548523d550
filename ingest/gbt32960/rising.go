package gbt32960

import (
	"strings"
	"time"

	"presage"
)

const (
	// rememberedVehicles and rememberedCodes bound the memory of alarms, some
	// 150 bytes a code; beyond them vehicles are forgotten, which costs each a
	// repeated event.
	rememberedVehicles = 100_000
	rememberedCodes    = 1 << 20
	// codesPerVehicle is twice what one message may hold.
	codesPerVehicle = 2_000
	// alarmPause is after how long without a word an alarm counts as new again.
	alarmPause = 24 * time.Hour
)

// rising remembers which alarms a vehicle has told of, so that an alarm that is
// sent with every frame becomes one event. Nothing is lost with this memory: an
// alarm that is not remembered becomes an event once more.
type rising struct {
	vehicles map[presage.VIN]map[string]span
	codes    int // of all vehicles
}

// span is how long an alarm has been told of.
type span struct{ first, last time.Time }

func newRising() *rising { return &rising{vehicles: map[presage.VIN]map[string]span{}} }

// events are those of o's alarms that have just appeared. A message that is
// read again gives the same events again; one that comes late gives those that
// were not known for its time.
func (r *rising) events(o *output) []presage.Event {
	if o.alarms == nil {
		return nil
	}
	known := r.vehicles[o.vin]
	now := make(map[string]span, len(o.alarms.active))
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
		now[key] = s
	}
	for key, s := range known {
		if len(now) >= codesPerVehicle { // or times that run backwards would gather without end
			break
		}
		if _, still := now[key]; !still && !o.at.After(s.last) { // late: it may be there still
			now[key] = s
		}
	}
	r.keep(o.vin, now)
	return out
}

func (r *rising) keep(vin presage.VIN, now map[string]span) {
	if len(now) == 0 {
		r.forget(vin)
		return
	}
	before, known := r.vehicles[vin]
	if !known {
		vin = presage.VIN(strings.Clone(string(vin))) // it may be a piece of a long topic
	}
	r.codes += len(now) - len(before)
	r.vehicles[vin] = now
	for other := range r.vehicles {
		if len(r.vehicles) <= rememberedVehicles && r.codes <= rememberedCodes {
			break
		}
		if other != vin {
			r.forget(other)
		}
	}
}

func (r *rising) forget(vin presage.VIN) {
	r.codes -= len(r.vehicles[vin])
	delete(r.vehicles, vin)
}
