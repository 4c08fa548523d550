package wear

import "math"

// Point is one reading of the quantity.
type Point struct {
	X float64 // km or days, ascending
	Y float64 // in the quantity's unit
	W float64 // relative precision: 1 for an ordinary reading, 0 to leave it out
}

// Prior is what is known of a line before its readings.
type Prior struct {
	Slope   float64 // of Y per unit of X
	SlopeSD float64 // > 0
	Noise   float64 // standard deviation of one reading with W = 1, > 0
	// Level is what Y is expected to be at the newest reading; a LevelSD of 0
	// means that nothing is known.
	Level   float64
	LevelSD float64
}

// Line is the posterior of level and slope: a normal-inverse-gamma
// distribution, so that level and slope are jointly Student t with Nu degrees
// of freedom.
type Line struct {
	Origin float64 // the X that Level refers to: the newest reading
	Level  float64 // posterior mean of Y at Origin
	Slope  float64 // posterior mean, per unit of X
	Noise  float64 // scale of one reading
	Nu     float64 // degrees of freedom, at least priorNu
	Count  float64 // effective number of readings, after discounts and outliers

	varLevel, covLevelSlope, varSlope float64
}

const (
	priorNu    = 8. // readings that the prior noise is worth
	tailNu     = 4. // of the Student t that readings scatter by
	iterations = 3  // of the reweighting; the third changes results by less than the noise does
)

// Fit returns the posterior of the line through points, which must ascend in X.
// Outliers lose their weight by iterated reweighting as for Student t noise
// (Lange, Little & Taylor 1989, JASA 84:881), started from the distance to a
// running median; given the weights the posterior is the conjugate one (Gelman
// et al., Bayesian Data Analysis, 3rd ed., sec. 14.8). Without points it
// returns the prior at X = 0.
func Fit(points []Point, prior Prior) Line {
	l := Line{Level: prior.Level, Slope: prior.Slope, Noise: prior.Noise, Nu: priorNu}
	if len(points) == 0 {
		l.varLevel, l.varSlope = prior.LevelSD*prior.LevelSD, prior.SlopeSD*prior.SlopeSD
		return l
	}
	l.Origin = points[len(points)-1].X
	l.solve(firstMoments(points, l.Origin, 1/prior.Noise), prior)
	for range iterations {
		l.solve(l.moments(points), prior)
	}
	return l
}

// moments weighs every reading by its distance from the line. The sums are
// plain variables, for a struct of six would live in memory.
func (l *Line) moments(points []Point) moments {
	var s, sx, sxx, sy, sxy, syy float64
	per, level, slope, origin := 1/l.Noise, l.Level, l.Slope, l.Origin
	for i := range points {
		p := &points[i]
		dx, y := p.X-origin, p.Y
		w := tailWeight((y-level-slope*dx)*per, p.W)
		wx, wy := w*dx, w*y
		s, sx, sxx = s+w, sx+wx, sxx+wx*dx
		sy, sxy, syy = sy+wy, sxy+wx*y, syy+wy*y
	}
	return moments{s: s, sx: sx, sxx: sxx, sy: sy, sxy: sxy, syy: syy}
}

// firstMoments weighs every reading by its distance from the running median.
func firstMoments(points []Point, origin, per float64) moments {
	var s, sx, sxx, sy, sxy, syy float64
	var window medians
	for i := range points {
		p := &points[i]
		dx, y := p.X-origin, p.Y
		w := tailWeight((y-window.next(points, i))*per, p.W)
		wx, wy := w*dx, w*y
		s, sx, sxx = s+w, sx+wx, sxx+wx*dx
		sy, sxy, syy = sy+wy, sxy+wx*y, syy+wy*y
	}
	return moments{s: s, sx: sx, sxx: sxx, sy: sy, sxy: sxy, syy: syy}
}

// tailWeight is the weight of a reading z noise scales off the line.
func tailWeight(z, w float64) float64 {
	return w * (tailNu + 1) / (tailNu + w*z*z)
}

// moments are the weighted sums that the conjugate update needs.
type moments struct{ s, sx, sxx, sy, sxy, syy float64 }

// solve is one conjugate update.
func (l *Line) solve(m moments, prior Prior) {
	k0, k1 := 0., square(prior.Noise/prior.SlopeSD)
	if prior.LevelSD > 0 {
		k0 = square(prior.Noise / prior.LevelSD)
	}
	a, b, c := m.s+k0, m.sx, m.sxx+k1
	u, v := m.sy+k0*prior.Level, m.sxy+k1*prior.Slope
	det := a*c - b*b
	l.Level, l.Slope, l.Count = (c*u-b*v)/det, (a*v-b*u)/det, m.s
	squares := m.syy + k0*square(prior.Level) + k1*square(prior.Slope) - l.Level*u - l.Slope*v
	l.Nu = priorNu + m.s
	scale := (priorNu*square(prior.Noise) + math.Max(0, squares)) / l.Nu
	l.Noise = math.Sqrt(scale)
	l.varLevel, l.covLevelSlope, l.varSlope = scale*c/det, -scale*b/det, scale*a/det
}

// SD is the posterior scale of the line (not of a reading) at x.
func (l Line) SD(x float64) float64 { return math.Sqrt(l.variance(x - l.Origin)) }

// SlopeSD is the posterior scale of the slope.
func (l Line) SlopeSD() float64 { return math.Sqrt(l.varSlope) }

func (l Line) variance(dx float64) float64 {
	return math.Max(0, l.varLevel+2*dx*l.covLevelSlope+dx*dx*l.varSlope)
}

func square(x float64) float64 { return x * x }
