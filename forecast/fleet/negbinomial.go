package fleet

import (
	"fmt"
	"math"
	"slices"

	"presage"
)

// NegativeBinomial is the distribution of a Poisson count whose rate is
// gamma-distributed with the given shape (> 0) and mean (>= 0): variance mean +
// mean^2/shape. It is the predictive distribution of the gamma-Poisson model
// (Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6).
func NegativeBinomial(shape, mean float64) (Distribution, error) {
	if !(shape > 0) || !(mean >= 0) || math.IsInf(shape, 1) || math.IsInf(mean, 1) {
		return Distribution{}, fmt.Errorf("%w negative binomial of shape %v and mean %v: want shape > 0 and mean >= 0",
			presage.ErrInvalid, shape, mean)
	}
	if mean == 0 {
		return Point(0), nil
	}
	p := mean / (shape + mean) // of one more before the shape-th stop
	mode := max(0, int((shape-1)*mean/shape))
	at := math.Exp(logMass(shape, p, float64(mode)))
	var down []float64 // from the mode to zero
	for k, m := mode, at; k > 0 && m > cut*1e-3; k-- {
		m *= float64(k) / ((shape + float64(k) - 1) * p)
		down = append(down, m)
	}
	first := mode - len(down)
	mass := make([]float64, 0, 2*len(down)+16)
	for _, m := range slices.Backward(down) {
		mass = append(mass, m)
	}
	mass = append(mass, at)
	for k, m := mode, at; m > cut*1e-3; k++ {
		m *= (shape + float64(k)) * p / float64(k+1)
		mass = append(mass, m)
	}
	scale := 1 / total(mass)
	for i := range mass {
		mass[i] *= scale
	}
	return Distribution{First: first, Mass: mass}.trimmed(), nil
}

// logMass is log P(k) of the negative binomial with the given shape.
func logMass(shape, p, k float64) float64 {
	a, _ := math.Lgamma(shape + k)
	b, _ := math.Lgamma(shape)
	c, _ := math.Lgamma(k + 1)
	return a - b - c + shape*math.Log1p(-p) + k*math.Log(p)
}
