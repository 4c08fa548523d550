package eval

import (
	"fmt"
	"math"
	"math/rand/v2"

	"presage"
)

// Interval is a range that was said and the value that came.
type Interval struct{ Low, High, Actual float64 }

// Coverage is the share of values within their intervals, bounds included.
func Coverage(is []Interval) (float64, error) {
	if len(is) == 0 {
		return 0, fmt.Errorf("coverage: %w: no interval", presage.ErrInvalid)
	}
	in := 0
	for i, x := range is {
		if !(x.Low <= x.High) || math.IsNaN(x.Actual) {
			return 0, fmt.Errorf("coverage: %w: interval %d is %g to %g, value %g",
				presage.ErrInvalid, i+1, x.Low, x.High, x.Actual)
		}
		if x.Low <= x.Actual && x.Actual <= x.High {
			in++
		}
	}
	return float64(in) / float64(len(is)), nil
}

// RandomisedPIT is where the count k fell in a distribution with cumulative
// probabilities cdf[0..]: uniform on (F(k-1), F(k)) by rng. Over many forecasts
// that are right it is uniform on (0, 1), though counts are lumpy (Czado,
// Gneiting and Held 2009). Beyond the last cumulative probability it is 1.
func RandomisedPIT(cdf []float64, k int, rng *rand.Rand) float64 {
	if k < 0 {
		return 0
	}
	if k >= len(cdf) {
		return 1
	}
	below := 0.0
	if k > 0 {
		below = cdf[k-1]
	}
	return below + rng.Float64()*(cdf[k]-below)
}
