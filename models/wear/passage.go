package wear

import "math"

// Usage is how much X a vehicle will put on from its newest reading.
type Usage struct {
	PerDay float64 // mean X per day: km, or 1 when X counts days; >= 0
	CV     float64 // relative uncertainty of PerDay
	DayCV  float64 // relative scatter of single days, averaging out with time
	// Silent is the number of days since the newest reading. They count as
	// used, and each of them makes the usage less certain.
	Silent float64
}

// silentCV is the relative uncertainty that 30 days of silence add: nobody
// knows whether the vehicle stood or toured.
const silentCV = 0.3

// After returns mean and relative uncertainty of the X that will have been put
// on within days from now.
func (u Usage) After(days float64) (mean, cv float64) {
	t := math.Max(days+u.Silent, 0)
	if t == 0 {
		return 0, 0
	}
	silent := silentCV * u.Silent / 30 * u.Silent / t
	return u.PerDay * t, math.Sqrt(square(u.CV) + square(u.DayCV)/math.Max(t, 1) + square(silent))
}

// Passage asks when a line crosses its limit.
type Passage struct {
	Line  Line
	Bend  Bend // zero: straight
	Limit float64
	// Falling says that the quantity fails by falling below Limit.
	Falling bool
	// FutureCV is how far the slope ahead strays from the past one, relative:
	// seasons and drivers change.
	FutureCV float64
	// Since is the X that is known to have been put on since the newest reading.
	Since float64
	Usage Usage
}

// Horizons are the days at which a Curve holds its probabilities. They contain
// 0, 7, 30, 60 and 90.
var horizons = [...]float64{ //nolint:gochecknoglobals // a constant table
	0, 1, 3, 5, 7, 10, 14, 18, 22, 26, 30, 37, 45, 52, 60, 70, 80, 90, 105, 120, 150, 180, 240, 300, 365,
	450, 550, 730, 1000, 1400, 2000, 2800, 3650,
}

// LastDay is the furthest horizon in days: further out the laws know nothing.
const LastDay = 3650

// Curve is the distribution function of the time to failure in days from now,
// rising, between 0 and 1.
type Curve [len(horizons)]float64

// Curve returns the probability that the line is past its limit within each
// horizon. The distance driven by then is lognormal (mean and spread from
// Usage) and integrated by three Gauss-Hermite nodes; given the distance the
// line is Student t. The curve never falls: what was past its limit once has failed.
func (p Passage) Curve() Curve {
	var c Curve
	line, best := p.crossing(), 0.
	for i, days := range horizons {
		best = math.Max(best, line.mean(p.Usage.nodes(days)))
		c[i] = best
	}
	return c
}

// Probability is the chance that the line is past its limit days from now.
func (p Passage) Probability(days float64) float64 {
	line := p.crossing()
	return line.mean(p.Usage.nodes(days))
}

// z90 is the normal quantile of 0.9.
const z90 = 1.2815515655446004

// Band is the 10 %, 50 % and 90 % quantile of the quantity days from now, by
// matching the moments of line and usage.
func (p Passage) Band(days float64) (low, mid, high float64) {
	b := p.Bands()
	return b.At(days)
}

// Bands is a passage made ready for being asked for many a Band.
type Bands struct {
	passage Passage
	half    float64 // width in scales
	wear    float64 // square of the slope, with its uncertainty
}

// Bands returns the bands of p.
func (p *Passage) Bands() Bands {
	l := &p.Line
	return Bands{passage: *p, half: studentQuantile(z90, l.Nu), wear: square(l.Slope) + l.varSlope}
}

// At is Band.
func (b *Bands) At(days float64) (low, mid, high float64) {
	p := &b.passage
	mean, cv := p.Usage.After(days)
	dx := p.Since + mean
	v := p.Line.variance(dx) + square(p.FutureCV*p.Line.Slope*dx) + square(p.Bend.SD*dx*dx/2) + b.wear*square(mean*cv)
	half := b.half * math.Sqrt(v)
	mid = p.Line.Level + p.Line.Slope*dx + p.Bend.A*dx*dx/2
	return mid - half, mid, mid + half
}

// At is the probability of failure within days, linear between the horizons.
func (c *Curve) At(days float64) float64 {
	if !(days > 0) {
		return c[0]
	}
	for i := 1; i < len(horizons); i++ {
		if days <= horizons[i] {
			f := (days - horizons[i-1]) / (horizons[i] - horizons[i-1])
			return c[i-1] + f*(c[i]-c[i-1])
		}
	}
	return c[len(c)-1]
}

// Quantile is the time in days by which the failure has happened with
// probability q, LastDay if that lies further out.
func (c *Curve) Quantile(q float64) float64 {
	if c[0] >= q {
		return 0
	}
	for i := 1; i < len(c); i++ {
		if c[i] >= q {
			f := (q - c[i-1]) / (c[i] - c[i-1])
			return horizons[i-1] + f*(horizons[i]-horizons[i-1])
		}
	}
	return LastDay
}

// Either joins c with an independent cause of failure whose cumulative hazard
// by each horizon is given.
func (c Curve) Either(cumulativeHazard func(days float64) float64) Curve {
	for i, days := range horizons {
		if h := cumulativeHazard(days); h != 0 {
			c[i] = 1 - (1-c[i])*math.Exp(-h)
		}
	}
	return c
}

// Mix is c with probability share and d otherwise.
func (c Curve) Mix(d Curve, share float64) Curve {
	for i := range c {
		c[i] = share*c[i] + (1-share)*d[i]
	}
	return c
}

// NewCurve tabulates a distribution function of the time to failure in days,
// forced to rise.
func NewCurve(cdf func(days float64) float64) Curve {
	return NewCurveAt(func(h Horizon) float64 { return cdf(h.Days()) })
}
