package models

import (
	"math"
	"time"

	"presage"
	"presage/models/wear"
)

// survival judges a part without a sensor: its chance to fail in the km ahead,
// given that it has survived the km behind, by a population's law. The km of
// silent days count as driven.
func (v *view) survival(c *presage.Component, pr *priors) finding {
	law := pr.population
	if v.n == 0 || math.IsNaN(v.kmNow) {
		f := v.unknown(v.fleet.perDay/(law.Scale*math.Gamma(1+1/law.Shape)), v.latest)
		f.terms = []presage.Term{{Name: TermMissing, Unit: "days"}}
		return f
	}
	km, start := v.partKm(c)
	rest := func(perDay float64) func(float64) float64 {
		use := v.usage
		use.PerDay = perDay
		return func(days float64) float64 {
			mean, cv := use.After(days)
			s := math.Sqrt(math.Log1p(cv * cv))
			step, mid := math.Exp(math.Sqrt(3)*s), mean*math.Exp(-s*s/2)
			return (law.FailBetween(km, km+mid/step) + 4*law.FailBetween(km, km+mid) + law.FailBetween(km, km+mid*step)) / 6
		}
	}
	byKm := wear.NewCurve(func(days float64) float64 {
		return law.FailBetween(km, km+v.usage.PerDay*v.usage.Silent+days*kmPerDay)
	})
	own := rest(v.usage.PerDay)
	f := finding{
		curve: wear.NewCurve(own), km: &byKm, through: v.latest, enough: true, basis: presage.BasisSurvival,
	}
	p30 := own(30)
	f.terms = []presage.Term{
		{Name: TermMileage, Value: km, Unit: "km", Effect: p30},
		{Name: TermUsage, Value: v.usage.PerDay, Unit: "km", Effect: p30 - rest(v.fleet.perDay)(30)},
		{Name: TermDataAge, Value: v.age(v.latest), Unit: "days"},
	}
	if !start.IsZero() {
		f.terms = append(f.terms, presage.Term{Name: TermRenewed, Value: v.age(start), Unit: "days"})
	}
	return f
}

// partKm is the distance on a part at the newest reading, and when it was
// fitted (zero: with the car).
func (v *view) partKm(c *presage.Component) (float64, time.Time) {
	if label, ok := v.track.renewal(c.ID, v.asOf); ok {
		return math.Max(0, v.kmNow-v.kmOf(label)), label.At
	}
	return v.kmNow, time.Time{}
}
