package fleet

import (
	"fmt"
	"math"

	"presage"
)

// FromMass is the distribution with the probabilities mass[k] of k pieces,
// which it copies. ErrInvalid: a negative one, or a sum further than 1e-9 from one.
func FromMass(mass []float64) (Distribution, error) {
	for k, m := range mass {
		if !(m >= 0) {
			return Distribution{}, fmt.Errorf("distribution: %w probability %v of %d", presage.ErrInvalid, m, k)
		}
	}
	if sum := total(mass); !(math.Abs(sum-1) <= 1e-9) {
		return Distribution{}, fmt.Errorf("distribution: %w: the probabilities sum to %v", presage.ErrInvalid, sum)
	}
	return Distribution{Mass: append([]float64(nil), mass...)}.trimmed(), nil
}

// SumOf is the distribution of the sum of independent numbers, which need not
// be trials: what each vehicle takes when its parts are renewed within the
// horizon. No numbers give Point(0).
func SumOf(numbers []Distribution) Distribution {
	if len(numbers) == 0 {
		return Point(0)
	}
	return sumOf(newConvolver(), numbers)
}

func sumOf(c *convolver, numbers []Distribution) Distribution {
	if len(numbers) == 1 {
		return numbers[0]
	}
	half := len(numbers) / 2
	return c.convolve(sumOf(c, numbers[:half]), sumOf(c, numbers[half:]))
}
