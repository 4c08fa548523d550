package models

import (
	"slices"
	"time"

	"presage"
	"presage/models/wear"
)

// padColumns tells a wear component's column by its first signal.
func wearColumn(c *presage.Component) (col int, feature string) {
	for _, s := range c.Signals {
		switch s {
		case presage.SignalPadFrontLeft, presage.SignalPadFrontRight:
			return colPadFront, FeaturePadFront
		case presage.SignalPadRearLeft, presage.SignalPadRearRight:
			return colPadRear, FeaturePadRear
		}
	}
	return colPadFront, FeaturePadFront
}

// freshSD is how well a just fitted pad is known to be new, in % of wear.
const freshSD = 2.

// pads judges a wear percentage against distance in 1,000 km.
func (v *view) pads(c *presage.Component, pr *priors) finding {
	col, feature := wearColumn(c)
	line, seg := v.wearLine(c, pr, col)
	rate := v.usage.PerDay / 1000 * pr.line.Slope / c.Limit
	if seg.count < int(c.Params["min_days"]) && !seg.labelled {
		f := v.unknown(rate, seg.through(v))
		f.terms = v.tooFew(seg.count)
		return f
	}
	p := wear.Passage{
		Line: line, Limit: c.Limit, FutureCV: c.Params["future_cv"], Usage: v.usage,
		Since: (v.km[v.n-1] - seg.originKm) / 1000,
	}
	p.Usage.PerDay /= 1000
	byKm := p
	byKm.Since = p.Since + p.Usage.PerDay*p.Usage.Silent
	v.first.Set(&p, &v.ahead)
	v.second.Set(&byKm, &v.fleet.byKm)
	o, km := wear.OutlookOf(v.first.By), kmQuantiles(v.second.By)
	return finding{
		outlook: o, asked: true, km: km, byKm: true,
		through: seg.through(v), enough: true, basis: presage.BasisMeasured, path: v.along(&p),
		value: v.measured(presage.Measured{Feature: feature, Value: line.Level, Limit: c.Limit, Unit: c.Unit}),
		terms: v.padTerms(p, pr, o.D30, seg),
	}
}

// padTerms explains a wear prognosis; an effect is the 30-day probability
// with the vehicle's own figure less the one with the fleet's.
func (v *view) padTerms(p wear.Passage, pr *priors, own float64, seg segment) []presage.Term {
	fleetSlope, fleetUse, punctual := p, p, p
	fleetSlope.Line.Slope = pr.line.Slope
	fleetUse.Usage.PerDay = v.fleet.perDay / 1000
	punctual.Usage.Silent = 0
	terms := append(v.terms(),
		presage.Term{Name: TermWear, Value: p.Line.Level, Unit: "%"},
		presage.Term{Name: TermWearRate, Value: p.Line.Slope, Unit: "%", Effect: own - fleetSlope.Probability(30)},
		presage.Term{Name: TermUsage, Value: v.usage.PerDay, Unit: "km", Effect: own - fleetUse.Probability(30)},
		presage.Term{Name: TermDataAge, Value: v.age(seg.through(v)), Unit: "days", Effect: own - punctual.Probability(30)})
	return seg.renewed(v, terms)
}

// age is the number of days from t to now.
func (v *view) age(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return v.asOf.Sub(t).Hours() / 24
}

// segment describes the readings of the part now fitted.
type segment struct {
	count    int // days with readings
	last     int // row of the newest, -1 if none
	originKm float64
	start    time.Time // when the part was fitted, zero if before all data
	labelled bool      // ... by a workshop's word
}

func (s segment) through(v *view) time.Time {
	t := s.start
	if s.last >= 0 {
		t = v.sinceRow(s.last)
	}
	return t
}

func (s segment) renewed(v *view, terms []presage.Term) []presage.Term {
	if s.start.IsZero() {
		return terms
	}
	return append(terms, presage.Term{Name: TermRenewed, Value: v.age(s.start), Unit: "days"})
}

// wearLine fits the part now fitted. The slope of the part before it, worn by
// the same driver, sharpens the prior.
func (v *view) wearLine(c *presage.Component, pr *priors, col int) (wear.Line, segment) {
	seg := segment{last: -1}
	after := presage.Day(-1 << 31)
	prior := pr.line
	label, labelled := v.track.renewal(c.ID, v.asOf)
	if labelled {
		after = presage.DayOf(label.At)
		seg.start, seg.labelled = label.At, true
	}
	v.readings(col, pr.window, after)
	from := wear.LastRenewal(v.values, pr.step, false)
	if from > 0 {
		prior = v.handOn(prior, pr, from)
		seg.start, seg.labelled = v.track.days[v.rows[from]].Start(), false
	}
	v.points = v.points[:0]
	if seg.labelled {
		w := pr.line.Noise / freshSD
		v.points = append(v.points, wear.Point{X: v.kmOf(label) / 1000, W: w * w})
	}
	v.points = v.kmPoints(v.points, pr, from)
	seg.count = len(v.rows) - from
	if n := len(v.rows); n > 0 && seg.count > 0 {
		seg.last = v.rows[n-1]
	}
	line := wear.Fit(v.points, prior)
	seg.originKm = line.Origin * 1000
	return line, seg
}

func (v *view) kmPoints(points []wear.Point, pr *priors, from int) []wear.Point {
	for k := from; k < len(v.rows); k++ {
		i := v.rows[k]
		points = append(points, wear.Point{X: v.km[i] / 1000, Y: v.values[k], W: v.decay(i, pr.halfLife)})
	}
	return points
}

// handOn makes the slope before a renewal the prior of the one after it.
func (v *view) handOn(prior wear.Prior, pr *priors, from int) wear.Prior {
	if from < 10 {
		return prior
	}
	v.points = v.points[:0]
	for k := range from {
		i := v.rows[k]
		v.points = append(v.points, wear.Point{X: v.km[i] / 1000, Y: v.values[k], W: 1})
	}
	old := wear.Fit(v.points, pr.line)
	spread := old.SlopeSD() + 0.2*old.Slope
	if old.Slope > 0 && spread < prior.SlopeSD {
		prior.Slope, prior.SlopeSD = old.Slope, spread
	}
	return prior
}

// kmOf is the odometer at a label: its own if it is plausible, else the day's.
func (v *view) kmOf(l presage.Label) float64 {
	if v.n == 0 {
		return float64(l.OdometerKm)
	}
	if km := float64(l.OdometerKm); presage.DayOf(l.At) < v.track.days[0] && km > 0 && km < v.km[0] {
		return km // from the service book, before anything was read
	}
	i, known := slices.BinarySearch(v.track.days[:v.n], presage.DayOf(l.At))
	if !known {
		i = max(i-1, 0)
	}
	at := v.km[i]
	if km := float64(l.OdometerKm); km > 0 && km >= at-2000 && km <= v.km[v.n-1] {
		return km
	}
	return at
}
