package models

import (
	"math"

	"presage"
	"presage/models/wear"
)

// hazardOfPuncture is the rate per day at which a tyre needs repair when its
// pressure is not known: about once in eight years a car.
const hazardOfPuncture = 1. / (8 * 365.25)

// leak judges the tyres: each wheel's pressure at 20 degC, freed of what the
// other three wheels do at the same time (weather, sensor temperature, a driver
// who pumps up all four), is a line against days. A tyre leaks or it does not:
// two lines with a narrow and a wide prior of the slope are weighed by what the
// readings say of each. The worst wheel speaks for the car.
func (v *view) leak(c *presage.Component, pr *priors) finding {
	var worst finding
	seen, most := false, segment{last: -1}
	for wheel := range 4 {
		w, seg := v.wheelLine(c, pr, wheel)
		if seg.count > most.count {
			most = seg
		}
		if seg.count < int(c.Params["min_days"]) {
			continue
		}
		curve := w.curve()
		if seen && curve.At(90) <= worst.curve.At(90) {
			continue
		}
		seen = true
		worst = finding{
			curve: curve, through: seg.through(v), enough: true, basis: presage.BasisMeasured, path: w.likelier(),
			value: &presage.Measured{
				Feature: trackedFeatures[colTyreFL+wheel], Value: w.leaky.Line.Level, Limit: w.leaky.Limit, Unit: "kPa",
			},
			terms: w.terms(wheel),
		}
		worst.terms = append(worst.terms, presage.Term{Name: TermDataAge, Value: v.age(worst.through), Unit: "days"})
		worst.terms = seg.renewed(v, worst.terms)
	}
	if !seen {
		worst = v.unknown(hazardOfPuncture, most.through(v))
		worst.terms = []presage.Term{{Name: TermMissing, Value: float64(most.count), Unit: "days"}}
	}
	return worst
}

// wheelLines are the two explanations of a wheel's pressure.
type wheelLines struct {
	tight, leaky wear.Passage
	chance       float64 // that the leaky one is true
}

func (w *wheelLines) curve() wear.Curve {
	return w.leaky.Curve().Mix(w.tight.Curve(), w.chance)
}

func (w *wheelLines) likelier() *wear.Passage {
	if w.chance >= 0.5 {
		return &w.leaky
	}
	return &w.tight
}

func (w *wheelLines) terms(wheel int) []presage.Term {
	tight, leaky := w.tight.Probability(30), w.leaky.Probability(30)
	line := w.likelier().Line
	return append(make([]presage.Term, 0, 6),
		presage.Term{Name: TermWheel, Value: float64(wheel + 1)},
		presage.Term{Name: TermPressure, Value: line.Level, Unit: "kPa"},
		presage.Term{Name: TermLeakRate, Value: 30 * line.Slope, Unit: "kPa", Effect: w.chance * (leaky - tight)},
		presage.Term{Name: TermLeakChance, Value: 100 * w.chance, Unit: "%"})
}

func (v *view) wheelLine(c *presage.Component, pr *priors, wheel int) (wheelLines, segment) {
	seg := segment{last: -1}
	after := presage.Day(math.MinInt32)
	if label, ok := v.track.renewal(c.ID, v.asOf); ok {
		after, seg.start, seg.labelled = presage.DayOf(label.At), label.At, true
	}
	v.readings(colTyreFL+wheel, pr.window, after)
	v.commonMode(wheel)
	prior, chance := pr.line, c.Params["leak_chance"]
	from := wear.LastRenewal(v.values, pr.step, true)
	if from > 0 {
		seg.start, seg.labelled = v.track.days[v.rows[from]].Start(), false
		prior, chance = v.leakBefore(c, pr, from)
	}
	v.points = v.dayPoints(v.points[:0], pr.halfLife, from, len(v.rows))
	if seg.count = len(v.points); seg.count > 0 {
		seg.last = v.rows[len(v.rows)-1]
	}
	limit := v.referencePressure(c, wheel) * (1 - c.Limit/100)
	lines := func(prior wear.Prior) (wear.Passage, wear.Line) {
		line := wear.Fit(v.points, prior)
		drained := line
		drained.Slope -= c.Params["natural_loss"]
		return v.fallingLine(drained, limit, c), line
	}
	tightPrior := pr.line
	tightPrior.SlopeSD = c.Params["tight_slope_sd"]
	var w wheelLines
	var free wear.Line
	w.leaky, free = lines(prior)
	w.tight, _ = lines(tightPrior)
	w.chance = leakChance(free, pr.line, c, chance)
	return w, seg
}

// leakChance is the posterior probability of a leak by Bayes' rule: how well a
// wide and a narrow normal prior of the slope each expected the slope seen.
// Pressure that rises against the other wheels is no leak.
func leakChance(l wear.Line, prior wear.Prior, c *presage.Component, before float64) float64 {
	se2 := l.SlopeSD() * l.SlopeSD()
	wide, narrow := se2+prior.SlopeSD*prior.SlopeSD, se2+c.Params["tight_slope_sd"]*c.Params["tight_slope_sd"]
	if l.Slope >= 0 {
		return before * math.Sqrt(narrow/wide)
	}
	logOdds := math.Log(before/(1-before)) + math.Log(narrow/wide)/2 + l.Slope*l.Slope/2*(1/narrow-1/wide)
	return 1 / (1 + math.Exp(-logOdds))
}

func (v *view) dayPoints(points []wear.Point, halfLife float64, from, to int) []wear.Point {
	for k := from; k < to; k++ {
		i := v.rows[k]
		points = append(points, wear.Point{X: dayTime(v.sinceRow(i)), Y: v.values[k], W: v.decay(i, halfLife)})
	}
	return points
}

// leakBefore: pumping a tyre up does not mend it, so what was thought of the
// tyre before the pump is the prior of what is thought after it.
func (v *view) leakBefore(c *presage.Component, pr *priors, from int) (wear.Prior, float64) {
	prior, chance := pr.line, c.Params["leak_chance"]
	if from < 4 {
		return prior, chance
	}
	v.points = v.dayPoints(v.points[:0], 2*pr.halfLife, 0, from)
	old := wear.Fit(v.points, pr.line)
	was := leakChance(old, pr.line, c, chance)
	if was < 0.5 {
		return prior, chance
	}
	prior.Slope = old.Slope
	prior.SlopeSD = math.Max(prior.SlopeSD, old.SlopeSD()+0.3*math.Abs(old.Slope))
	return prior, math.Min(0.9, was)
}

// commonMode takes from the collected pressures of a wheel what the median of
// the other three did, against where that median has lately been. When they were
// pumped up and this one was not, their rise says nothing about it and is passed over.
func (v *view) commonMode(wheel int) {
	const pumped = 4.                     // kPa from one day to the next, more than the weather does at 20 degC
	shift := make([]float64, len(v.rows)) // what the others did, NaN where nobody knows
	var lately [5]float64
	n, later := 0, 0.
	next := math.NaN() // the others' pressure at the row after
	var own float64    // this wheel's there
	for k := len(v.rows) - 1; k >= 0; k-- {
		o, ok := v.others(wheel, v.rows[k])
		if !ok {
			shift[k] = math.NaN()
			continue
		}
		if rise := next - o; rise > pumped && own-v.values[k] < rise/2 {
			later += rise - math.Max(0, own-v.values[k])
		}
		next, own = o, v.values[k]
		if shift[k] = o + later; n < len(lately) {
			lately[n] = shift[k]
			n++
		}
	}
	if n == 0 {
		return
	}
	level := middle(lately[:n])
	for k := range v.rows {
		if !math.IsNaN(shift[k]) {
			v.values[k] -= shift[k] - level
		}
	}
}

// others is the median pressure of the other wheels at row i; false with fewer than two.
func (v *view) others(wheel, i int) (float64, bool) {
	var x [3]float64
	n := 0
	for w := range 4 {
		if p := v.track.cols[colTyreFL+w][i]; w != wheel && !math.IsNaN(p) {
			x[n] = p
			n++
		}
	}
	if n < 2 {
		return 0, false
	}
	return middle(x[:n]), true
}

// referencePressure is what the axle's tyres are meant to hold: the upper
// quarter of what both wheels showed within 120 days, within 20 % of nominal.
func (v *view) referencePressure(c *presage.Component, wheel int) float64 {
	nominal := c.Params["nominal_kpa"]
	axle := colTyreFL + wheel/2*2
	var seen [240]float64
	n := 0
	for i := v.n - 1; i >= 0 && v.today-float64(v.track.days[i]) <= 120 && n+1 < len(seen); i-- {
		for w := range 2 {
			if p := v.track.cols[axle+w][i]; !math.IsNaN(p) {
				seen[n] = p
				n++
			}
		}
	}
	if n == 0 {
		return nominal
	}
	middle(seen[:n]) // sorts
	return math.Min(1.2*nominal, math.Max(0.8*nominal, seen[(n-1)*3/4]))
}
