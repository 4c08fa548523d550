package models

import (
	"math"
	"slices"

	"presage"
	"presage/models/median"
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
	var worst wheelLines
	var part segment
	seen, most, best, at := false, segment{last: -1}, 0., 0
	for wheel := range 4 {
		w, seg := v.wheelLine(c, pr, wheel)
		if seg.count > most.count {
			most = seg
		}
		if seg.count < int(c.Params["min_days"]) {
			continue
		}
		course := &v.wheels[wheel]
		course[0].Set(&w.leaky, &v.fleet.byDay)
		course[1].Set(&w.tight, &v.fleet.byDay)
		p90 := w.by(wear.Day90, course)
		if seen && p90 <= best {
			continue
		}
		seen, best, at, worst, part = true, p90, wheel, w, seg
	}
	if !seen {
		f := v.unknown(hazardOfPuncture, most.through(v))
		f.terms = v.tooFew(most.count)
		return f
	}
	f := finding{
		outlook: wear.OutlookOf(func(h wear.Horizon) float64 { return worst.by(h, &v.wheels[at]) }),
		asked:   true, through: part.through(v), enough: true, basis: presage.BasisMeasured,
		path: v.along(worst.likelier()),
		value: v.measured(presage.Measured{
			Feature: trackedFeatures[colTyreFL+at], Value: worst.leaky.Line.Level, Limit: worst.leaky.Limit, Unit: "kPa",
		}),
	}
	f.terms = append(worst.terms(v, at), presage.Term{Name: TermDataAge, Value: v.age(f.through), Unit: "days"})
	f.terms = part.renewed(v, f.terms)
	return f
}

// wheelLines are the two explanations of a wheel's pressure.
type wheelLines struct {
	tight, leaky wear.Passage
	chance       float64 // that the leaky one is true
}

// by is the probability of failure by h, given the courses of the leaky and the tight line.
func (w *wheelLines) by(h wear.Horizon, course *[2]wear.Course) float64 {
	return w.chance*course[0].By(h) + (1-w.chance)*course[1].By(h)
}

func (w *wheelLines) likelier() *wear.Passage {
	if w.chance >= 0.5 {
		return &w.leaky
	}
	return &w.tight
}

func (w *wheelLines) terms(v *view, wheel int) []presage.Term {
	tight, leaky := w.tight.Probability(30), w.leaky.Probability(30)
	line := &w.likelier().Line
	return append(v.terms(),
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
// Pressure that rises against the other wheels is not a leak.
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
	const pumped = 4. // kPa from one day to the next, more than the weather does at 20 degC
	v.shift = slices.Grow(v.shift[:0], len(v.rows))
	shift := v.shift[:len(v.rows)] // what the others did, NaN where nobody knows
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
	level := median.Sorting(lately[:n])
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
	switch n {
	case 3:
		return max(min(x[0], x[1]), min(max(x[0], x[1]), x[2])), true
	case 2:
		return (x[0] + x[1]) / 2, true
	}
	return 0, false
}

// referencePressure is what the axle's tyres are meant to hold: the upper
// quarter of what both wheels showed within 120 days, within 20 % of nominal.
func (v *view) referencePressure(c *presage.Component, wheel int) float64 {
	known := &v.reference[wheel/2]
	if math.IsNaN(*known) {
		*known = v.axlePressure(c.Params["nominal_kpa"], colTyreFL+wheel/2*2)
	}
	return *known
}

// axlePressure is the reference of the wheels in column axle and the next one.
func (v *view) axlePressure(nominal float64, axle int) float64 {
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
	return math.Min(1.2*nominal, math.Max(0.8*nominal, nth(seen[:n], (n-1)*3/4)))
}

// nth returns what would stand at k if x were sorted; it moves x about (Hoare's quickselect).
func nth(x []float64, k int) float64 {
	low, high := 0, len(x)-1
	for low < high {
		pivot := x[k]
		i, j := low, high
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for pivot < x[j] {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		if j < k {
			low = i
		}
		if k < i {
			high = j
		}
	}
	return x[k]
}
