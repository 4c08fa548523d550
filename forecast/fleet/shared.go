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
	given, err := GivenFactor(trials, f)
	if err != nil {
		return Distribution{}, err
	}
	return given.Mixture(), nil
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
	lo, hi, mid := f.ends[j], f.ends[j+1], f.at[j]
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
		p := mathext.GammaIncReg(f.shape, g*f.shape) - p0
		m := mathext.GammaIncReg(f.shape+1, g*f.shape) - m0
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

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
