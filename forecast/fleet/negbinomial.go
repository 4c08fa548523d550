package fleet

import (
	"fmt"
	"math"

	"presage"
	"presage/forecast/negbinomial"
)

// NegativeBinomial is the distribution of a Poisson count whose rate is
// gamma-distributed with the given shape (> 0) and mean (>= 0).
func NegativeBinomial(shape, mean float64) (Distribution, error) {
	if !(shape > 0) || !(mean >= 0) || math.IsInf(shape, 1) || math.IsInf(mean, 1) {
		return Distribution{}, fmt.Errorf("%w negative binomial of shape %v and mean %v: want shape > 0 and mean >= 0",
			presage.ErrInvalid, shape, mean)
	}
	if mean == 0 {
		return Point(0), nil
	}
	first, masses := negbinomial.Masses(mean, shape)
	return Distribution{First: first, Mass: masses}.trimmed(), nil
}
