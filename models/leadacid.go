package models

import (
	"math"

	"presage"
	"presage/models/life"
	"presage/models/wear"
)

// leadAcid judges the 12 V battery: rest voltage and, with an engine, the
// lowest voltage while cranking, each falling against days, ever faster near
// the end. The two are
// witnesses of one ageing, trusted alike: a battery that rests low and cranks
// well is short of charge, not of life. Failures that no voltage announces come
// on top as a hazard by age.
func (v *view) leadAcid(c *presage.Component, pr *priors) finding {
	rest, restBend, restSeg := v.bentLine(c, pr, colRest, pr.line)
	crank, crankBend, crankSeg := v.bentLine(c, pr, colCrank, pr.crank)
	enough := int(c.Params["min_days"])
	sudden := v.suddenBattery(c, restSeg)
	if restSeg.count < enough && crankSeg.count < enough {
		f := v.unknown(v.batteryRate(c), later(restSeg, crankSeg).through(v))
		f.terms = v.tooFew(max(restSeg.count, crankSeg.count))
		return f
	}
	var curve wear.Curve
	f := finding{
		through: later(restSeg, crankSeg).through(v), enough: true, basis: presage.BasisMeasured, terms: v.terms(),
	}
	if crankSeg.count >= enough {
		p := v.fallingLine(crank, c.Params["crank_limit"], c)
		p.Bend = crankBend
		curve = p.Curve()
		f.path = v.along(&p)
		f.value = v.measured(presage.Measured{
			Feature: FeatureCrank12V, Value: crank.Level, Limit: p.Limit, Unit: c.Unit,
		})
		f.terms = trendTerms(f.terms, TermCrankVoltage, TermCrankTrend, p)
	}
	if restSeg.count >= enough {
		p := v.fallingLine(rest, c.Limit, c)
		p.Bend = restBend
		resting := p.Curve()
		if f.path == nil || resting.At(90) >= curve.At(90) {
			f.path = v.along(&p)
			f.value = v.measured(presage.Measured{Feature: FeatureRest12V, Value: rest.Level, Limit: p.Limit, Unit: c.Unit})
		}
		if crankSeg.count >= enough {
			resting = resting.Mix(curve, 0.5)
		}
		curve = resting
		f.terms = trendTerms(f.terms, TermRestVoltage, TermRestTrend, p)
	}
	f.curve = curve.Either(sudden.by)
	age := presage.Term{Name: TermAge, Value: v.partYears(restSeg), Unit: "years", Effect: f.curve.At(30) - curve.At(30)}
	f.terms = append(f.terms, age, presage.Term{Name: TermDataAge, Value: v.age(f.through), Unit: "days"})
	f.terms = restSeg.renewed(v, f.terms)
	return f
}

// later is the segment with the newer reading.
func later(a, b segment) segment {
	if b.last > a.last {
		return b
	}
	return a
}

// trendTerms explains a falling line: its level, and what its trend does to
// the 30-day probability against standing still.
func trendTerms(terms []presage.Term, level, trend string, p wear.Passage) []presage.Term {
	still := p
	still.Line.Slope, still.Bend = 0, wear.Bend{}
	return append(terms,
		presage.Term{Name: level, Value: p.Line.Level, Unit: "V"},
		presage.Term{
			Name: trend, Value: p.Line.Slope * 30 * 1000, Unit: "mV", Effect: p.Probability(30) - still.Probability(30),
		})
}

// fallingLine asks when a line against days falls below limit. Days of silence
// are certain to have passed; that the line grows uncertain over them is its own
// affair, and that readings lose weight over them is decay's.
func (v *view) fallingLine(l wear.Line, limit float64, c *presage.Component) wear.Passage {
	return wear.Passage{
		Line: l, Limit: limit, Falling: true, FutureCV: c.Params["future_cv"],
		Since: math.Max(0, v.today-l.Origin), Usage: wear.Usage{PerDay: 1},
	}
}

// dayLine fits the part now fitted against days.
func (v *view) dayLine(c *presage.Component, pr *priors, col int, prior wear.Prior) wear.Line {
	v.partPoints(c, pr, col)
	return wear.Fit(v.points, prior)
}

// bentLine is dayLine with a bend: the slope may change by its own spread in bend_days.
func (v *view) bentLine(c *presage.Component, pr *priors, col int, prior wear.Prior) (wear.Line, wear.Bend, segment) {
	seg := v.partPoints(c, pr, col)
	line, bend := wear.FitBend(v.points, prior, prior.SlopeSD/c.Params["bend_days"])
	return line, bend, seg
}

// partPoints collects the readings of the part now fitted. A renewal is a sustained rise.
func (v *view) partPoints(c *presage.Component, pr *priors, col int) segment {
	seg := segment{last: -1}
	after := presage.Day(math.MinInt32)
	label, labelled := v.track.renewal(c.ID, v.asOf)
	if labelled {
		after = presage.DayOf(label.At)
		seg.start, seg.labelled = label.At, true
	}
	v.readings(col, pr.window, after)
	step := pr.step
	if col == colCrank {
		step *= 3
	}
	from := wear.LastRenewal(v.values, step, true)
	if from > 0 {
		seg.start, seg.labelled = v.track.days[v.rows[from]].Start(), false
	}
	v.points = v.points[:0]
	for k := from; k < len(v.rows); k++ {
		i := v.rows[k]
		v.points = append(v.points, wear.Point{
			X: dayTime(v.sinceRow(i)), Y: v.values[k], W: c.Params["reading_weight"] * v.decay(i, pr.halfLife),
		})
	}
	seg.count = len(v.points)
	if seg.count > 0 {
		seg.last = v.rows[len(v.rows)-1]
	}
	return seg
}

// batteryRate is the long-run rate of battery renewals per day.
func (v *view) batteryRate(c *presage.Component) float64 {
	mean := c.Params["life_scale"] * math.Gamma(1+1/c.Params["life_shape"])
	return 1 / (mean * 365.25)
}

// partYears is the age of the part if its renewal is known, else of the vehicle.
func (v *view) partYears(seg segment) float64 {
	if !seg.start.IsZero() {
		return v.age(seg.start) / 365.25
	}
	if math.IsNaN(v.years) {
		return 0
	}
	return v.years
}

// sudden is the cumulative hazard of failures without a sign: a share of the
// hazard of battery life by age. A car older than a battery lasts has had it
// renewed unseen, so the hazard stops at the long-run rate of renewals.
type sudden struct {
	ageing      life.Weibull
	rate, share float64
	years       float64 // NaN if unknown
	behind      float64 // hazard at years
}

func (v *view) suddenBattery(c *presage.Component, seg segment) sudden {
	s := sudden{
		ageing: life.Weibull{Shape: c.Params["life_shape"], Scale: c.Params["life_scale"]},
		rate:   v.batteryRate(c), share: c.Params["sudden_share"], years: v.partYears(seg),
	}
	if s.years == 0 && math.IsNaN(v.years) {
		s.years = math.NaN()
		return s
	}
	s.behind = s.ageing.CumulativeHazard(s.years)
	return s
}

// by is the hazard within days.
func (s *sudden) by(days float64) float64 {
	if math.IsNaN(s.years) {
		return s.share * s.rate * days
	}
	return s.share * math.Min(s.ageing.CumulativeHazard(s.years+days/365.25)-s.behind, s.rate*days)
}
