package simulator

import (
	"math"
	"math/rand/v2"

	"presage/simulator/cast"
)

// habits is how one car is used. They do not change.
type habits struct {
	km        float64 // median of a day on which it is driven
	spread    float64 // sigma of the lognormal day
	weekday   float64 // chance that it is driven on a working day
	weekend   float64
	trips     float64 // mean number a day
	departs   float64 // hour of the first trip, local
	city      float64 // share of town driving
	style     float64 // braking energy of a stop, 1 ordinary
	away      float64 // chance a day that a holiday without the car begins
	garage    bool    // no coverage at home
	plugsAt   float64 // state of charge below which it is plugged in, 0-1
	plugsTo   float64
	fast      bool    // charges by direct current as a rule
	every     float64 // s between samples while driving
	roughness float64 // of its roads, 1 ordinary
}

// newHabits draws the habits of a car: commuters, families, travellers and ride-hailing cars.
func newHabits(r *rand.Rand, c *cast.Car) habits {
	h := habits{
		km: 34 * math.Exp(0.35*r.NormFloat64()), spread: 0.45, weekday: 0.9, weekend: 0.65, trips: 2.2,
		departs: 7.4 + 0.9*r.NormFloat64(), city: 0.35 + 0.5*r.Float64(), style: math.Exp(0.22 * r.NormFloat64()),
		away: 0.0035, garage: r.Float64() < 0.1, every: 70 + 50*r.Float64(),
		roughness: c.City.Roughness * math.Exp(0.2*r.NormFloat64()),
	}
	switch x := r.Float64(); {
	case x < 0.08: // ride-hailing
		h.km, h.spread, h.weekday, h.weekend = 170+90*r.Float64(), 0.2, 0.96, 0.96
		h.trips, h.city, h.fast, h.away, h.every = 5, 0.8+0.15*r.Float64(), true, 0.001, 240
	case x < 0.2: // for weekends
		h.km, h.spread, h.weekday, h.weekend, h.departs = 30, 0.6, 0.25, 0.8, 9.5
	case x < 0.32: // for long distances
		h.km, h.spread, h.city, h.every = 75*math.Exp(0.3*r.NormFloat64()), 0.55, 0.15+0.2*r.Float64(), 150
	}
	h.departs = math.Max(5, math.Min(11, h.departs))
	h.plugsAt, h.plugsTo = 0.35+0.35*r.Float64(), 0.8+0.2*math.Round(r.Float64())
	if c.Spec.DCKw == 0 || c.Spec.PackAh < 60 {
		h.plugsAt, h.fast = 0.85, false // a small pack is filled every night
	}
	return h
}

// perDay is the mean distance in km over all days of a week.
func (h *habits) perDay() float64 {
	mean := h.km * math.Exp(h.spread*h.spread/2)
	return mean * (5*h.weekday + 2*h.weekend) / 7 * (1 - 9*h.away)
}
