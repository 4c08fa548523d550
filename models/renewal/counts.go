package renewal

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"presage/models/life"
)

// Counts is the distribution of one unit's replacements in the months ahead.
type Counts struct {
	// Monthly is the probability of a replacement in each month, those of
	// renewed parts included.
	Monthly []float64
	// Total[k] is the probability of k replacements over all the months; it sums to one.
	Total []float64
}

// usages is how many nodes stand for a unit's uncertain use: Gauss and
// Hermite's rule of seven is exact for polynomials of degree 13.
const usages = 7

// Counter computes distributions of counts for a horizon. It may be used from many goroutines.
type Counter struct {
	months         int
	nodes, weights []float64 // of a standard normal
}

// NewCounter makes a counter for so many months ahead, >= 1.
func NewCounter(months int) *Counter {
	c := &Counter{months: months, nodes: make([]float64, usages), weights: make([]float64, usages)}
	quad.Hermite{}.FixedLocations(c.nodes, c.weights, math.Inf(-1), math.Inf(1))
	for i := range c.nodes {
		c.nodes[i] *= math.Sqrt2
		c.weights[i] /= math.Sqrt(math.Pi)
	}
	return c
}

// Counts is the distribution of a unit's replacements under one distribution of lives, with its
// use integrated out; nothing is drawn. The part in the unit is alive at its
// age; a replaced one begins anew in the middle of its month, and none fails in
// the month in which it was fitted. This is the renewal equation (Cox 1962,
// Renewal Theory, section 4.1) in steps of a month.
func (c *Counter) Counts(law life.Weibull, u Unit) Counts {
	f := future{monthly: make([]float64, c.months), atLeast: make([]float64, c.months+1)}
	f.atLeast[0] = 1
	for i, z := range c.nodes {
		f.follow(law, u.Age, math.Max(0, u.Usage.Mean+u.Usage.SD*z), c.weights[i])
	}
	out := Counts{Monthly: f.monthly, Total: make([]float64, f.most+1)}
	for n := range out.Total {
		out.Total[n] = f.atLeast[n]
		if n < f.most {
			out.Total[n] -= f.atLeast[n+1]
		}
	}
	return out
}

// rare is the probability below which one replacement more is left out.
const rare = 1e-15

// future adds up what may come of one unit.
type future struct {
	monthly []float64
	atLeast []float64 // atLeast[n]: n replacements or more
	most    int       // the largest number that counts
}

// follow adds one use's share.
func (f *future) follow(law life.Weibull, age, use, weight float64) {
	months := len(f.monthly)
	// nth[m] is the probability that the n-th replacement comes in month m.
	nth, renewed := make([]float64, months), make([]float64, months)
	now, before, young := law.CumulativeHazard(age), 1.0, law.Survival(use/2)
	for m := range nth {
		alive := math.Exp(now - law.CumulativeHazard(age+use*float64(m+1)))
		nth[m] = before - alive
		before = alive
		if m > 0 { // months after the replacement's
			old := law.Survival(use * (float64(m) + 0.5))
			renewed[m] = young - old
			young = old
		}
	}
	for n := 1; ; n++ {
		sum := 0.0
		for m, p := range nth {
			sum += p
			f.monthly[m] += weight * p
		}
		f.atLeast[n] += weight * sum
		if f.most = max(f.most, n); sum < rare || n == months {
			return
		}
		next := make([]float64, months)
		for m := range next {
			for j := range m {
				next[m] += nth[j] * renewed[m-j]
			}
		}
		nth = next
	}
}
