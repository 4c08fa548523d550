package fleet

import "math"

// node is the hazard of one probability, and its slope in -log(1-p).
type node struct{ hazard, slope float64 }

// The hazards known beforehand: up to p = 0.98 cubic pieces of this width are
// within 1e-12 of Newton's, of which each takes dozens of exponentials.
const (
	hazardStep  = 1.0 / 256
	hazardNodes = 4*256 + 1
)

// tabulate works the known hazards out.
func (f *Frailty) tabulate() {
	f.known = make([]node, hazardNodes)
	for i := range f.known {
		survival := math.Exp(-float64(i) * hazardStep)
		h := f.solve(1 - survival)
		_, slope := f.survival(h)
		f.known[i] = node{h, survival / slope}
	}
}

// hazard is the cumulative hazard h for which the mean over the strata of
// 1-exp(-factor*h) is p: mixing must not change any vehicle's own
// probability. It is +Inf for p = 1.
func (f *Frailty) hazard(p float64) float64 {
	x := -math.Log1p(-p) / hazardStep
	if !(x < hazardNodes-1) {
		return f.solve(p)
	}
	i := int(x)
	a, b, t := f.known[i], f.known[i+1], x-float64(i)
	// Hermite's cubic, about the nearer end's tangent.
	rise, u := b.hazard-a.hazard, 1-t
	return a.hazard + t*rise + t*u*(u*(a.slope*hazardStep-rise)-t*(b.slope*hazardStep-rise))
}

// survival is the mean of exp(-factor*h) over the strata, and how fast it
// falls with h.
func (f *Frailty) survival(h float64) (survival, slope float64) {
	for _, g := range f.factors {
		s := math.Exp(-g*h) / float64(len(f.factors))
		survival += s
		slope += g * s
	}
	return survival, slope
}

// solve finds the hazard by Newton's method from the exact answer for the
// continuous gamma. The mean survival is convex and falling in h, so a step
// from the left stays on the left and the steps converge.
func (f *Frailty) solve(p float64) float64 {
	if p >= 1 {
		return math.Inf(1)
	}
	h := (math.Pow(1-p, -1/f.shape) - 1) * f.shape
	for range 30 {
		survival, slope := f.survival(h)
		step := (survival - (1 - p)) / slope
		h = math.Max(h+step, 0)
		if math.Abs(step) <= 1e-11*h || math.IsNaN(h) {
			break
		}
	}
	return math.Min(h, 1e6)
}
