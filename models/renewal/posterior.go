package renewal

import (
	"fmt"
	"math"
	"math/rand/v2"

	"presage"
	"presage/models/life"
)

// Draw is one draw from the posterior: a Weibull distribution for each group.
type Draw []life.Weibull

// The weak priors: shapes of wear-out lie between 1 and 9 for 19 populations in
// 20, and groups of one kind of part differ by some tens of percent.
const (
	usualShape  = 3.
	shapeSpread = 0.55 // of ln shape
	scaleSpread = 3.   // of the fleet's ln scale around the ages seen: hardly any
	strayScale  = 0.3  // half-normal scale of how far groups stray in ln scale
	strayShape  = 0.2  // and in ln shape
)

// sweepsPerDraw keeps neighbouring draws from being almost the same.
const sweepsPerDraw = 5

// Fit draws from the posterior of the groups' distributions given lives[group]. Groups
// without lives are drawn from what the others teach. ErrInvalid: no failure
// at all, or a faulty life (named by group and place, from 1 on).
func Fit(lives [][]life.Life, draws int, rng *rand.Rand) ([]Draw, error) {
	s, err := newSampler(lives, rng)
	if err != nil {
		return nil, err
	}
	for range 20 { // steps grow and shrink until near half of them are taken
		for range 25 {
			s.sweep()
		}
		s.adapt()
	}
	out := make([]Draw, draws)
	for i := range out {
		for range sweepsPerDraw {
			s.sweep()
		}
		out[i] = s.draw()
	}
	return out, nil
}

// age holds what the likelihood needs of a life: logarithms in units of exp(centre).
type age struct {
	entry, low, high float64 // ln; -Inf for 0, +Inf for alive
	exact            bool
	count            float64
}

type group struct {
	ages  []age
	pivot float64 // ln of the oldest age: where the lives know the hazard best
	scale float64 // ln
	shape float64 // ln
	steps [2]step
}

type step struct {
	size         float64
	tried, taken int
}

type sampler struct {
	rng    *rand.Rand
	groups []group
	centre float64 // mean ln age
	// the fleet: mean of ln scale and ln shape over groups, and their spreads
	scale, shape           float64
	scaleStray, shapeStray float64
	steps                  [moves]step
	pivot                  float64 // ln of the oldest age of all
}

func newSampler(lives [][]life.Life, rng *rand.Rand) (*sampler, error) {
	s := &sampler{rng: rng, groups: make([]group, len(lives)), scaleStray: strayScale, shapeStray: strayShape}
	sum, n, failures := 0., 0., 0.
	for g, ls := range lives {
		for i, l := range ls {
			if !(l.Entry >= 0 && l.Low >= 0 && l.High >= max(l.Low, l.Entry) && l.High > 0 && l.Count >= 0) {
				return nil, fmt.Errorf("group %d, life %d: %w: entry %g, between %g and %g",
					g+1, i+1, presage.ErrInvalid, l.Entry, l.Low, l.High)
			}
			a := age{math.Log(l.Entry), math.Log(l.Low), math.Log(l.High), l.Low == l.High, max(l.Count, 0)}
			if l.Count == 0 {
				a.count = 1
			}
			if l.Failed() {
				failures += a.count
			}
			if reached := lastKnown(l); reached > 0 {
				sum, n = sum+a.count*math.Log(reached), n+a.count
			}
			s.groups[g].ages = append(s.groups[g].ages, a)
		}
	}
	if failures == 0 {
		return nil, fmt.Errorf("fit renewals: %w: no failure among %g lives: they say only that parts live longer; "+
			"wait for a failure or add an older fleet of the same kind", presage.ErrInvalid, n)
	}
	s.centre = sum / n
	s.begin()
	return s, nil
}

func lastKnown(l life.Life) float64 {
	if l.Failed() {
		return l.High
	}
	return l.Low
}

// begin puts every group at the usual shape and twice the mean age.
func (s *sampler) begin() {
	s.scale, s.shape = math.Ln2, math.Log(usualShape)
	for k := range s.steps {
		s.steps[k].size = 0.3
	}
	for g := range s.groups {
		gr := &s.groups[g]
		for i := range gr.ages {
			a := &gr.ages[i]
			a.entry, a.low, a.high = a.entry-s.centre, a.low-s.centre, a.high-s.centre
			if reached := a.low; !math.IsInf(reached, -1) {
				gr.pivot = max(gr.pivot, reached)
			}
		}
		gr.scale, gr.shape = s.scale, s.shape
		s.pivot = max(s.pivot, gr.pivot)
		gr.steps = [2]step{{size: 0.3}, {size: 0.3}}
	}
}

// logLikelihood of the group's lives under a distribution.
func (g *group) logLikelihood(scale, shape float64) float64 {
	k := math.Exp(shape)
	hazard := func(lnAge float64) float64 { return math.Exp(k * (lnAge - scale)) }
	sum := 0.
	for i := range g.ages {
		a := &g.ages[i]
		seen := hazard(a.entry)
		switch {
		case a.exact:
			z := k * (a.low - scale)
			sum += a.count * (shape + z - a.low - math.Exp(z) + seen)
		case math.IsInf(a.high, 1):
			sum -= a.count * (hazard(a.low) - seen)
		default:
			low := max(hazard(a.low), seen)
			sum += a.count * (seen - low + math.Log(-math.Expm1(low-hazard(a.high))))
		}
	}
	return sum
}

// logDensity is the likelihood times the pooling prior.
func (s *sampler) logDensity(g *group, scale, shape float64) float64 {
	a, b := (scale-s.scale)/s.scaleStray, (shape-s.shape)/s.shapeStray
	p := g.logLikelihood(scale, shape) - a*a/2 - b*b/2
	if math.IsNaN(p) {
		return math.Inf(-1)
	}
	return p
}

func (s *sampler) sweep() {
	for i := range s.groups {
		s.sweepGroup(&s.groups[i])
	}
	s.sweepFleet()
}

// sweepGroup moves the scale, and then the shape along the ridge on which the
// hazard up to the oldest age stays what it is: dScale/dHazard is 1/shape there.
func (s *sampler) sweepGroup(g *group) {
	now := s.logDensity(g, g.scale, g.shape)
	scale := g.scale + g.steps[0].size*s.rng.NormFloat64()
	if then := s.logDensity(g, scale, g.shape); g.steps[0].accept(then-now, s.rng) {
		g.scale, now = scale, then
	}
	shape := g.shape + g.steps[1].size*s.rng.NormFloat64()
	scale = g.pivot - (g.pivot-g.scale)*math.Exp(g.shape-shape)
	if then := s.logDensity(g, scale, shape); g.steps[1].accept(then-now+g.shape-shape, s.rng) {
		g.scale, g.shape = scale, shape
	}
}

func (s *step) accept(gain float64, rng *rand.Rand) bool {
	s.tried++
	if gain >= 0 || rng.Float64() < math.Exp(gain) {
		s.taken++
		return true
	}
	return false
}

func (s *step) adapt() {
	s.size *= math.Exp(float64(s.taken)/float64(max(s.tried, 1)) - 0.44) // the best share (Gelman et al. 1996)
	s.tried, s.taken = 0, 0
}

func (s *sampler) adapt() {
	for i := range s.groups {
		for k := range s.groups[i].steps {
			s.groups[i].steps[k].adapt()
		}
	}
	for k := range s.steps {
		s.steps[k].adapt()
	}
}

func (s *sampler) draw() Draw {
	out := make(Draw, len(s.groups))
	for i, g := range s.groups {
		out[i] = life.Weibull{Shape: math.Exp(g.shape), Scale: math.Exp(g.scale + s.centre)}
	}
	return out
}
