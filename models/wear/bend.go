package wear

import "math"

// Bend is how fast the slope of a line grows: y = level + slope dx + a dx^2/2.
type Bend struct {
	A  float64 // of y per unit of X squared
	SD float64 // posterior scale
}

// FitBend adds a quadratic term to the line that Fit returns for the same
// points and prior, its coefficient being normal about zero with the given scale
// beforehand: readings that show no bend leave the line as it was. The
// readings keep the weights that they ended up with in Fit. A bend against the
// prior's slope is taken for noise or season and left out, for wear does not slow
// down by itself. Level, slope and their spread are those at the newest reading.
func FitBend(points []Point, prior Prior, scale float64) (Line, Bend) {
	l := Fit(points, prior)
	if len(points) == 0 || !(scale > 0) {
		return l, Bend{}
	}
	// Normal equations of (1, dx, dx^2/2), with the priors as ridges in units of the noise.
	m := l.moments(points)
	var s2, s12, s22, sy2 float64
	per := 1 / l.Noise
	for _, p := range points {
		dx := p.X - l.Origin
		w := tailWeight((p.Y-l.Level-l.Slope*dx)*per, p.W)
		h := dx * dx / 2
		s2, s12, s22, sy2 = s2+w*h, s12+w*dx*h, s22+w*h*h, sy2+w*h*p.Y
	}
	noise := square(l.Noise)
	k1, k2 := noise/square(prior.SlopeSD), noise/square(scale)
	k0 := 0.
	if prior.LevelSD > 0 {
		k0 = noise / square(prior.LevelSD)
	}
	a, b, c := m.s+k0, m.sx, m.sxx+k1
	u, v := m.sy+k0*prior.Level, m.sxy+k1*prior.Slope
	det := a*c - b*b
	// Schur complement of the quadratic term on level and slope.
	fl, fs := (c*s2-b*s12)/det, (a*s12-b*s2)/det
	rest := s22 + k2 - fl*s2 - fs*s12
	bend := Bend{A: (sy2 - fl*u - fs*v) / rest, SD: math.Sqrt(noise / rest)}
	if bend.A*prior.Slope <= 0 {
		return l, Bend{}
	}
	l.Level, l.Slope = (c*u-b*v)/det-fl*bend.A, (a*v-b*u)/det-fs*bend.A
	q := square(bend.SD)
	l.varLevel = noise*c/det + q*fl*fl
	l.covLevelSlope = -noise*b/det + q*fl*fs
	l.varSlope = noise*a/det + q*fs*fs
	return l, bend
}
