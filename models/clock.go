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
	days, km := c.Params["interval_days"], c.Params["interval_km"]
	sinceDays, sinceKm, start, ok := v.service(c, days, km)
	if !ok {
		f := v.unknown(1/days, v.latest)
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
			gone = assumedShare*gone - (1-assumedShare)*math.Expm1(-ahead/days)
		}
		return gone
	})
	if assumed {
		f.terms = append(f.terms, presage.Term{Name: TermServiceAssumed, Value: 1})
	}
	f.terms = append(f.terms,
		presage.Term{Name: TermServiceDays, Value: sinceDays, Unit: "days"},
		presage.Term{Name: TermServiceKm, Value: sinceKm, Unit: "km"},
		presage.Term{Name: TermIntervalUsed, Value: 100 * used(0), Unit: "%", Effect: f.outlook.D30})
	return f
}

// service returns days and km since the last service; start is zero when it
// is assumed, ok false when nothing is known of the vehicle's age.
func (v *view) service(c *presage.Component, days, km float64) (sinceDays, sinceKm float64, start time.Time, ok bool) {
	if v.n == 0 {
		return 0, 0, start, false
	}
	if label, found := v.track.renewal(c.ID, v.asOf); found {
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
