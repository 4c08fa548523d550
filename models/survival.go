package models

import (
	"math"
	"time"

	"presage"
	"presage/models/life"
	"presage/models/wear"
)

// survival judges a part without a sensor: its chance to fail in the km ahead,
// given that it has survived the km behind, by a population's law. The km of
// silent days count as driven.
func (v *view) survival(c *presage.Component, pr *priors) finding {
	law := pr.population
	if v.n == 0 || math.IsNaN(v.kmNow) {
		f := v.unknown(v.fleet.perDay/(law.Scale*math.Gamma(1+1/law.Shape)), v.latest)
		f.terms = v.tooFew(0)
		return f
	}
	km, start := v.partKm(c)
	rest := law.From(km)
	silent := v.usage.PerDay * v.usage.Silent
	own := func(h wear.Horizon) float64 {
		low, mid, high := v.ahead.Nodes(h)
		return (rest.FailBy(km+1000*low) + 4*rest.FailBy(km+1000*mid) + rest.FailBy(km+1000*high)) / 6
	}
	f := finding{
		asked: true, byKm: true, through: v.latest, enough: true, basis: presage.BasisSurvival,
		km: kmQuantiles(func(h wear.Horizon) float64 { return rest.FailBy(km + silent + h.Days()*kmPerDay) }),
	}
	if v.ahead.Rising() {
		f.outlook = wear.OutlookOf(own)
	} else {
		table := wear.NewCurveAt(own)
		f.outlook = table.Outlook()
	}
	p30 := own(wear.Day30)
	f.terms = append(v.terms(),
		presage.Term{Name: TermMileage, Value: km, Unit: "km", Effect: p30},
		presage.Term{Name: TermUsage, Value: v.usage.PerDay, Unit: "km", Effect: p30 - v.fleetFails(rest, km)},
		presage.Term{Name: TermDataAge, Value: v.age(v.latest), Unit: "days"})
	if !start.IsZero() {
		f.terms = append(f.terms, presage.Term{Name: TermRenewed, Value: v.age(start), Unit: "days"})
	}
	return f
}

// fleetFails is the chance to fail within 30 days at the fleet's mean distance a day.
func (v *view) fleetFails(rest life.Rest, km float64) float64 {
	use := v.usage
	use.PerDay = v.fleet.perDay
	low, mid, high := use.Nodes(30)
	return (rest.FailBy(km+low) + 4*rest.FailBy(km+mid) + rest.FailBy(km+high)) / 6
}

// partKm is the distance on a part at the newest reading, and when it was
// fitted (zero: with the car).
func (v *view) partKm(c *presage.Component) (float64, time.Time) {
	if label, ok := v.track.renewal(c.ID, v.asOf); ok {
		return math.Max(0, v.kmNow-v.kmOf(label)), label.At
	}
	return v.kmNow, time.Time{}
}
