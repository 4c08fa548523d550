package models

import (
	"math"
	"time"

	"presage"
	"presage/models/wear"
)

// assumedShare is the trust in a schedule that nobody recorded; the rest goes
// to a service at any time, at the rate of the interval.
const assumedShare = 0.5

// clock judges a service item by days and by km since its last service,
// whichever is further. Without a record the schedule is taken to have been kept
// until the vehicle was first heard from: the prognosis says so, believes it by
// half and never calls an item due on it. When the
// item is really used up scatters about the interval by params "spread".
func (v *view) clock(c *presage.Component, _ *priors) finding {
	every := c.Interval(v.track.Vehicle.Powertrain)
	days, km := every.Limits()
	sinceDays, sinceKm, start, ok := v.service(c, days, km)
	rate := math.Max(1/days, v.usage.PerDay/km)
	if !ok {
		f := v.unknown(rate, v.latest)
		f.basis = presage.BasisClock
		f.terms = v.tooFew(0)
		return f
	}
	sinceKm += v.usage.PerDay * v.usage.Silent
	assumed, perDay, sharp := start.IsZero(), v.usage.PerDay, 1/(c.Params["spread"]*math.Sqrt2)
	used := func(ahead float64) float64 {
		return math.Max((sinceDays+ahead)/days, (sinceKm+ahead*perDay)/km)
	}
	f := finding{
		asked: true, through: v.latest, enough: true, basis: presage.BasisClock, watchOnly: assumed, terms: v.terms(),
	}
	f.outlook = wear.OutlookOf(func(h wear.Horizon) float64 {
		ahead := h.Days()
		gone := 0.5 * math.Erfc((1-used(ahead))*sharp)
		if assumed {
			gone = assumedShare*gone - (1-assumedShare)*math.Expm1(-ahead*rate)
		}
		return gone
	})
	if assumed {
		f.terms = append(f.terms, presage.Term{Name: TermServiceAssumed, Value: 1})
	}
	f.terms = append(f.terms,
		presage.Term{Name: TermServiceDays, Value: sinceDays, Unit: "days"},
		presage.Term{Name: TermServiceKm, Value: sinceKm, Unit: "km"},
		presage.Term{Name: TermIntervalUsed, Value: 100 * used(0), Unit: "%"})
	if every.Days > 0 {
		f.terms = append(f.terms, presage.Term{Name: TermIntervalDays, Value: every.Days, Unit: "days"})
	}
	if every.Km > 0 {
		f.terms = append(f.terms, presage.Term{Name: TermIntervalKm, Value: float64(every.Km), Unit: "km"})
	}
	return f
}

// service returns days and km since the last service; start is zero when it
// is assumed, ok false when nothing is known of the vehicle's age.
func (v *view) service(c *presage.Component, days, km float64) (sinceDays, sinceKm float64, start time.Time, ok bool) {
	if v.n == 0 {
		return 0, 0, start, false
	}
	if label, found := v.served(c); found {
		return v.age(label.At), math.Max(0, v.km[v.n-1]-v.kmOf(label)), label.At, true
	}
	in := v.track.Vehicle.InService
	first := v.track.seen.Start()
	if in.IsZero() || !in.Before(first) {
		if in.IsZero() {
			return 0, 0, start, false
		}
		return v.age(in), math.Max(0, v.km[v.n-1]), start, true
	}
	before := first.Sub(in).Hours() / 24
	sinceDays = math.Mod(before, days) + v.age(first)
	if !math.IsNaN(v.kmNow) {
		sinceKm = math.Mod(v.km[0], km) + v.km[v.n-1] - v.km[0]
	}
	return sinceDays, sinceKm, start, true
}

// served is the last service of an item, or the last replacement of the part
// that it is about, whichever came later.
func (v *view) served(c *presage.Component) (last presage.Label, found bool) {
	last, found = v.track.renewal(c.ID, v.asOf)
	for _, id := range c.RenewedBy {
		if l, ok := v.track.renewal(id, v.asOf); ok && (!found || l.At.After(last.At)) {
			last, found = l, true
		}
	}
	return last, found
}
