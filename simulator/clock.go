package simulator

import (
	"math"
	"math/rand/v2"

	"presage"
)

// clock is a component that is used up by time or distance, whichever comes
// first: a filter, a fluid.
type clock struct {
	id       presage.ComponentID
	days, km float64 // interval of this car's dust and moisture
	since    int64   // ms
	sinceKm  float64
}

// clocks makes one clock for every such component of the catalogue.
func (w *World) clocks(r *rand.Rand, p presage.Powertrain) []clock {
	var out []clock
	for _, c := range w.catalogue.Components {
		if c.Model != "clock" || !c.Applies(p) {
			continue
		}
		own := math.Exp(0.15 * r.NormFloat64())
		days, km := c.Params["interval_days"], c.Params["interval_km"]
		if days <= 0 {
			days = 365
		}
		if km <= 0 {
			km = math.Inf(1)
		}
		out = append(out, clock{id: c.ID, days: days * own, km: km * own})
	}
	return out
}

// restart begins a new interval at an instant in ms and a mileage in m.
func (c *clock) restart(at int64, odometer float64) {
	c.since, c.sinceKm = at, odometer/1000
}

// used is the share of the interval that has passed.
func (c *clock) used(at int64, odometer float64) float64 {
	return math.Max(float64(at-c.since)/float64(24*hour)/c.days, (odometer/1000-c.sinceKm)/c.km)
}
