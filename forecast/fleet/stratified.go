package fleet

import (
	"fmt"
	"math"
	"slices"
)

// Stratified is the distribution of pieces in each stratum of the common factor.
// Under one frailty, fleets are independent of each other in each stratum and
// nowhere else: sums over depots are made there (Plus), and mixed at the end.
type Stratified struct {
	frailty *Frailty
	unit    int            // pieces a job
	jobs    []Distribution // by stratum, at its mean factor, in units; none for no trials
	slopes  []float64      // by stratum, of the mean number of jobs in the factor
}

// StratifiedSum is the distribution of the pieces of trials whose hazards are
// all multiplied by the frailty's factor, for each stratum of it. Errors are
// those of Shared.
func StratifiedSum(trials []Trial, f *Frailty) (Stratified, error) {
	unit := 0
	for i, t := range trials {
		if err := t.validate(); err != nil {
			return Stratified{}, fmt.Errorf("trial %d: %w", i, err)
		}
		unit = gcd(unit, t.Quantity)
	}
	out := Stratified{frailty: f, unit: max(unit, 1)}
	if len(trials) == 0 {
		return out, nil
	}
	out.slopes, out.jobs = make([]float64, len(f.factors)), make([]Distribution, len(f.factors))
	scaled, once := scaledBy(trials, unit)
	hazards := make([]float64, len(trials))
	for i, t := range scaled {
		if len(f.factors) > 1 {
			hazards[i] = f.hazard(t.P)
		} else if i >= once {
			hazards[i] = -math.Log1p(-t.P)
		}
	}
	c := newConvolver()
	for j, g := range f.factors {
		if len(f.factors) > 1 {
			out.slopes[j] = conditional(scaled, hazards, g)
		}
		out.jobs[j] = sum(c, scaled[:once])
		if once < len(scaled) {
			out.jobs[j] = c.convolve(out.jobs[j], c.renewed(scaled[once:], hazards[once:], g))
		}
	}
	return out, nil
}

// scaledBy counts the jobs of unit pieces each, and puts first those trials
// whose part fails once at most.
func scaledBy(trials []Trial, unit int) (scaled []Trial, once int) {
	scaled = make([]Trial, 0, len(trials))
	for _, again := range [...]bool{false, true} {
		for _, t := range trials {
			if t.Again > 0 == again {
				t.Quantity /= unit
				scaled = append(scaled, t)
			}
		}
		if !again {
			once = len(scaled)
		}
	}
	return scaled, once
}

// conditional sets the probabilities of the trials at the factor g and returns
// the slope of their mean count.
func conditional(trials []Trial, hazards []float64, g float64) float64 {
	slope := 0.0
	for i, h := range hazards {
		survival := 0.0
		if !math.IsInf(h, 1) {
			survival = math.Exp(-g * h)
			slope += h * survival * float64(trials[i].Quantity)
		}
		slope += trials[i].Again * (1 - survival) * float64(trials[i].Quantity)
		trials[i].P = 1 - survival
	}
	return slope
}

// Plus is the two fleets together; both must be of the same frailty.
func (g Stratified) Plus(o Stratified) Stratified {
	switch {
	case len(o.jobs) == 0:
		return g
	case len(g.jobs) == 0:
		return o
	}
	unit := gcd(g.unit, o.unit)
	a, b := g.unit/unit, o.unit/unit
	out := Stratified{frailty: g.frailty, unit: unit, slopes: make([]float64, len(g.jobs))}
	out.jobs = make([]Distribution, len(g.jobs))
	c := newConvolver()
	for j := range g.jobs {
		out.jobs[j] = c.convolve(g.jobs[j].Times(a), o.jobs[j].Times(b))
		out.slopes[j] = g.slopes[j]*float64(a) + o.slopes[j]*float64(b)
	}
	return out
}

// Mean is the expected number of pieces, renewals included.
func (g Stratified) Mean() float64 {
	sum := 0.0
	for _, d := range g.jobs {
		sum += d.Mean()
	}
	return sum * float64(g.unit) / math.Max(float64(len(g.jobs)), 1)
}

// Mixture is the distribution when nobody knows the factor.
func (g Stratified) Mixture() Distribution {
	if len(g.jobs) == 0 {
		return Point(0)
	}
	if slices.Max(g.slopes) == 0 { // nothing depends on the factor
		return g.jobs[0].Times(g.unit)
	}
	c := newConvolver()
	parts, weights := make([]Distribution, len(g.jobs)), make([]float64, len(g.jobs))
	for j := range g.jobs {
		parts[j] = g.frailty.spread(c, g.jobs[j], j, g.slopes[j])
		weights[j] = 1 / float64(len(g.jobs))
	}
	return Mixture(parts, weights).Times(g.unit)
}
