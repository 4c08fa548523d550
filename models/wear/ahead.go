package wear

import "math"

// Ahead is what a vehicle will have put on at each horizon: the three
// Gauss-Hermite nodes of the lognormal distance. One serves every part that
// wears with that usage.
type Ahead struct {
	low, mid, high Curve
	sure           bool // the three are one
	rising         bool // each of them
}

// Look fills a in for u.
func (a *Ahead) Look(u Usage) {
	a.sure, a.rising = true, true
	for i, days := range horizons {
		n := u.nodes(days)
		a.low[i], a.mid[i], a.high[i] = n.low, n.mid, n.high
		a.sure = a.sure && n.sure
		if i > 0 && !(n.low >= a.low[i-1] && n.mid >= a.mid[i-1] && n.high >= a.high[i-1]) {
			a.rising = false
		}
	}
}

// Nodes are the distances by h that weigh 1/6, 4/6 and 1/6.
func (a *Ahead) Nodes(h Horizon) (low, mid, high float64) { return a.low[h], a.mid[h], a.high[h] }

// Rising tells whether none of the distances falls from one horizon to the next.
func (a *Ahead) Rising() bool { return a.rising }

// Nodes are the distances put on within days that weigh 1/6, 4/6 and 1/6.
func (u Usage) Nodes(days float64) (low, mid, high float64) {
	n := u.nodes(days)
	return n.low, n.mid, n.high
}

// nodes are the nodes of the X put on by one horizon, of weights 1/6, 4/6, 1/6.
type nodes struct {
	low, mid, high float64
	sure           bool // the three are one
}

func (u Usage) nodes(days float64) nodes {
	mean, cv := u.After(days)
	if cv < 1e-9 {
		return nodes{low: mean, mid: mean, high: mean, sure: true}
	}
	// A lognormal of log-variance s2 = ln(1+cv^2) has its median at mean*exp(-s2/2) = mean/sqrt(1+cv^2).
	step, mid := math.Exp(math.Sqrt(3*math.Log(1+cv*cv))), mean/math.Sqrt(1+cv*cv)
	return nodes{low: mid / step, mid: mid, high: mid * step}
}

// crossing is a passage made ready for being asked at many distances.
type crossing struct {
	since              float64
	gap, slope         float64 // what is left at the origin, and what each X takes of it
	level, cov, square float64 // the variance is level + 2 cov x + square x^2
	perNu, scale       float64 // of Wallace's transformation
	bend, bendVariance float64 // what X^2 takes of the gap, and X^4 adds to the variance
}

func (p *Passage) crossing() crossing {
	l := &p.Line
	c := crossing{
		since: p.Since, gap: p.Limit - l.Level, slope: l.Slope,
		level: l.varLevel, cov: l.covLevelSlope, square: l.varSlope + square(p.FutureCV*l.Slope),
		perNu: 1 / l.Nu, scale: (8*l.Nu + 1) / (8*l.Nu + 3) * math.Sqrt(l.Nu/2),
		bend: p.Bend.A / 2, bendVariance: square(p.Bend.SD / 2),
	}
	if p.Falling {
		c.gap, c.slope, c.bend = -c.gap, -c.slope, -c.bend
	}
	return c
}

// far is the square of the distance from the limit, in scales, from which a
// crossing counts as impossible or certain: below 1e-7 by Student t with 8
// degrees of freedom, which is less than the model is worth.
const far = 24. * 24

// beyond is the chance that the line is past its limit dx after now: Student's t
// of the gap in scales by Wallace's transformation (see studentQuantile).
func (c *crossing) beyond(dx float64) float64 {
	x := dx + c.since
	gap := c.gap - x*(c.slope+x*c.bend)
	variance := c.level + x*(2*c.cov+x*(c.square+x*x*c.bendVariance))
	g2 := gap * gap
	if !(g2 <= far*variance) || variance == 0 {
		if gap > 0 {
			return 0
		}
		return 1
	}
	z := c.scale * math.Sqrt(math.Log(1+g2/variance*c.perNu))
	return 0.5 * math.Erfc(math.Copysign(z, gap))
}

func (c *crossing) mean(n nodes) float64 {
	if n.sure {
		return c.beyond(n.mid)
	}
	return (c.beyond(n.low) + 4*c.beyond(n.mid) + c.beyond(n.high)) / 6
}

// rises tells whether beyond never falls from x0 to x1 after the origin. With
// the variance v(x) = a + 2bx + cx^2 and the gap g - mx the derivative of
// -(g - mx)/sqrt(v) has the sign of (ma + gb) + x(mb + gc): a line, so its ends
// decide. Of a bent line nothing is known.
func (c *crossing) rises(x0, x1 float64) bool {
	if c.bend != 0 || c.bendVariance != 0 {
		return false
	}
	at0, per := c.slope*c.level+c.gap*c.cov, c.slope*c.cov+c.gap*c.square
	return at0+per*x0 >= 0 && at0+per*x1 >= 0
}

// Course is the distribution function of a passage's time, evaluated where it
// is asked: most prognoses need a dozen horizons of the 33. The zero value is not usable: Set it.
type Course struct {
	line  crossing
	ahead *Ahead
	lazy  bool
	table Curve // if not lazy
}

// Set makes c the course of p, whose own Usage is passed over for a, which must stay
// as it is. A course that is not certain to rise is tabulated at once.
func (c *Course) Set(p *Passage, a *Ahead) {
	c.line, c.ahead = p.crossing(), a
	c.lazy = a.rising && c.line.rises(p.Since+a.low[0], p.Since+a.high[len(a.high)-1])
	if c.lazy {
		return
	}
	best := 0.
	for i := range c.table {
		best = math.Max(best, c.at(Horizon(i)))
		c.table[i] = best
	}
}

func (c *Course) at(h Horizon) float64 {
	return c.line.mean(nodes{low: c.ahead.low[h], mid: c.ahead.mid[h], high: c.ahead.high[h], sure: c.ahead.sure})
}

// By is the probability of failure by h.
func (c *Course) By(h Horizon) float64 {
	if c.lazy {
		return c.at(h)
	}
	return c.table[h]
}
