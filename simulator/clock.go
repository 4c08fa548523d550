package simulator

import (
	"math"

	"presage"
)

// clock is a component that is used up by time or distance, whichever comes
// first: a filter, a fluid.
type clock struct {
	id       presage.ComponentID
	also     []presage.ComponentID // new ones of these are new ones of it
	days, km float64               // interval of this car's dust and moisture
	since    int64                 // ms
	sinceKm  float64
}

// newClocks makes one clock for every such component of the catalogue. Each draws
// from a stream of its own: a row more changes nothing about the others.
func (k *car) newClocks() {
	for _, c := range k.world.catalogue.Components {
		if !c.IsService() || !c.Applies(k.Powertrain) {
			continue
		}
		r := k.world.draw("interval of "+string(c.ID), string(k.VIN))
		own := math.Exp(0.15 * r.NormFloat64())
		days, km := c.Interval(k.Powertrain).Limits()
		x := clock{id: c.ID, also: c.RenewedBy, days: days * own, km: km * own}
		k.clockBefore(&x, r)
		k.clocks = append(k.clocks, x)
	}
}

// restart begins a new interval at an instant in ms and a mileage in m.
func (c *clock) restart(at int64, odometer float64) {
	c.since, c.sinceKm = at, odometer/1000
}

// used is the share of the interval that has passed.
func (c *clock) used(at int64, odometer float64) float64 {
	return math.Max(float64(at-c.since)/float64(24*hour)/c.days, (odometer/1000-c.sinceKm)/c.km)
}
