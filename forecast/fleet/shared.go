package fleet

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Shared is the distribution of the pieces taken by trials whose hazards are
// all multiplied by the frailty's common factor. Every trial keeps its own
// probability, hence the mean is Mean(trials); the variance grows with the
// square of the mean, as a common error must. The cost is Strata times Sum's.
//
// In a large fleet the conditional distributions of neighbouring strata no
// longer overlap; there each is spread over its stratum by shifting it with
// the factor (the mean count is nearly linear in it).
func Shared(trials []Trial, f *Frailty) (Distribution, error) {
	sum, err := StratifiedSum(trials, f)
	if err != nil {
		return Distribution{}, err
	}
	return sum.Mixture(), nil
}

// lump is the width of a stratum, in standard deviations of the conditional
// count, from which the strata would begin to show as separate lumps.
const lump = 0.3

// spread shifts d, the distribution at the mean of stratum j, over the whole
// stratum; slope is how many more jobs one more of the factor brings.
func (f *Frailty) spread(c *convolver, d Distribution, j int, slope float64) Distribution {
	width := f.width[j] * slope
	if width < 1 || width*width < lump*lump*d.Variance() {
		return d
	}
	lowest, weights := f.shifts(j, slope)
	out := c.convolve(d, Distribution{Mass: weights})
	out.First += lowest
	if below := -out.First; below > 0 { // fewer than none: none
		below = min(below, len(out.Mass)-1)
		out.Mass[below] += total(out.Mass[:below])
		out.Mass, out.First = out.Mass[below:], 0
	}
	return out
}

// shifts is the distribution of slope x (factor - mean of stratum j) inside
// the stratum, put on the whole numbers from lowest on by linear splitting
// (each number takes its hat function's share), which keeps the mean at zero.
func (f *Frailty) shifts(j int, slope float64) (lowest int, weights []float64) {
	lo, hi, mid := f.ends[j], f.ends[j+1], f.factors[j]
	p0, m0 := f.moment(0, j), f.moment(1, j)
	// shortfall is E[(t - shift)+; stratum]: its second difference is the hat's share.
	shortfall := func(t float64) float64 {
		g := mid + t/slope
		if g <= lo {
			return 0
		}
		if g >= hi {
			return t / Strata
		}
		p, m := f.below(g)
		p, m = p-p0, m-m0
		return t*p - slope*(m-mid*p)
	}
	lowest = int(math.Floor((lo - mid) * slope))
	highest := int(math.Ceil((hi - mid) * slope))
	weights = make([]float64, highest-lowest+1)
	before, here := shortfall(float64(lowest-1)), shortfall(float64(lowest))
	for i := range weights {
		after := shortfall(float64(lowest + i + 1))
		weights[i] = math.Max(after-2*here+before, 0)
		before, here = here, after
	}
	scale := 1 / total(weights)
	for i := range weights {
		weights[i] *= scale
	}
	return lowest, weights
}

// below is P(factor <= g) and E[factor; factor <= g], from one incomplete gamma
// function: those of neighbouring shapes differ by a power (DLMF 8.8.5).
func (f *Frailty) below(g float64) (p, m float64) {
	p = mathext.GammaIncReg(f.shape, g*f.shape)
	return p, p - f.peak*math.Exp(f.shape*(math.Log(g)-(g-1)))
}

// peak is k^k exp(-k) / Gamma(k+1), by Stirling's series where the logarithm of
// the gamma function would lose digits.
func peak(k float64) float64 {
	if k > 100 {
		return math.Exp(-1/(12*k)+1/(360*k*k*k)) / math.Sqrt(2*math.Pi*k)
	}
	gamma, _ := math.Lgamma(k + 1)
	return math.Exp(k*math.Log(k) - k - gamma)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
