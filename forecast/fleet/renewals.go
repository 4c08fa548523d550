package fleet

import "math"

// renewals is the distribution of how often one vehicle's part is replaced in a span in
// which the part in place has the cumulative hazard first, spread evenly, and
// any that follows again. Given that the first fails at the share s of the
// span, the rest is a Poisson count of mean again x (1-s); s is integrated out
// by Gauss and Legendre's rule over the first one's distribution. With again =
// first it is the Poisson distribution (Cox 1962, Renewal Theory, section 3.1).
func renewals(first, again float64) Distribution {
	nodes, weights := legendre()
	fails := -math.Expm1(-first)
	most := int(again+8*math.Sqrt(again)) + 10 // beyond weighs less than 1e-13
	mass := make([]float64, most+2)
	mass[0] = 1 - fails
	for i, x := range nodes {
		for _, u := range [...]float64{(1 - x) / 2, (1 + x) / 2} {
			s := 0.0 // a certain failure is one at once
			if !math.IsInf(first, 1) {
				s = math.Min(-math.Log1p(-u*fails)/first, 1)
			}
			mean := again * (1 - s)
			m := fails * weights[i] / 2 * math.Exp(-mean)
			for n := range most + 1 {
				mass[n+1] += m
				m *= mean / float64(n+1)
			}
		}
	}
	return Distribution{Mass: mass}.trimmed()
}

// legendre are the positive nodes of Gauss and Legendre's rule of eight points
// on [-1, 1] and their weights (Abramowitz and Stegun 1964, table 25.4).
func legendre() (nodes, weights [4]float64) {
	return [...]float64{.1834346424956498, .5255324099163290, .7966664774136267, .9602898564975363},
		[...]float64{.3626837833783620, .3137066458778873, .2223810344533745, .1012285362903763}
}

// renewed is the sum of trials at the factor g whose parts may fail again.
func (c *convolver) renewed(trials []Trial, hazards []float64, g float64) Distribution {
	laws := make([]Distribution, len(trials))
	for i, t := range trials {
		laws[i] = renewals(g*hazards[i], g*t.Again).Times(t.Quantity)
	}
	return sumOf(c, laws)
}
