// Package negbinomial is the distribution of a Poisson count whose rate is
// gamma-distributed: the counts of the forecasts, with a mean >= 0 and a shape
// > 0, variance mean + mean^2/shape. It is the predictive distribution of the
// gamma-Poisson model (Gelman et al., Bayesian Data Analysis, 3rd ed., section
// 2.6). A shape above 1e6 is as good as Poisson.
package negbinomial

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// steepest is the least logarithm from which the recursion of masses may start.
const steepest = -600

// cut is the mass below which the cells far from the mode are left out.
const cut = 1e-21

// more is what the probability of k+1 is of that of k; p is mean/(shape + mean).
func more(shape, p, k float64) float64 { return (shape + k) / (k + 1) * p }

// Masses are the probabilities of first, first+1, ..., whose sum is 1; mean and
// shape must be finite and above 0.
func Masses(mean, shape float64) (first int, masses []float64) {
	p := mean / (shape + mean)
	mode := max(0, int((shape-1)*mean/shape))
	up, _ := math.Lgamma(float64(mode) + 1)
	log, _, _ := LogLikelihood(float64(mode), mean, shape)
	highest := math.Exp(log - up)
	var below []float64 // from the mode to zero
	for k, m := mode, highest; k > 0 && m > cut; k-- {
		m /= more(shape, p, float64(k-1))
		below = append(below, m)
	}
	masses = make([]float64, 0, 2*len(below)+16)
	for _, m := range slices.Backward(below) {
		masses = append(masses, m)
	}
	sum := 0.0
	for k, m := mode, highest; ; k++ {
		masses = append(masses, m)
		if m <= cut {
			break
		}
		m *= more(shape, p, float64(k))
	}
	for _, m := range masses {
		sum += m
	}
	for i := range masses {
		masses[i] /= sum
	}
	return mode - len(below), masses
}

// large is the mean above which a count is as good as continuous: a gamma of
// the same mean and variance.
const large = 1e5

// Cumulative writes the probabilities of at most each value of the support,
// which ascends, to cdf. A mean of 0 is certain.
func Cumulative(mean, shape float64, support, cdf []float64) {
	if mean <= 0 {
		for i := range cdf {
			cdf[i] = 1
		}
		return
	}
	shape = min(max(shape, 1e-4), 1e6)
	if mean > large {
		a := 1 / (1/shape + 1/mean)
		for i, x := range support {
			cdf[i] = mathext.GammaIncReg(a, a*(x+0.5)/mean)
		}
		return
	}
	p := mean / (shape + mean)
	log0 := -shape * math.Log1p(mean/shape)
	if log0 < steepest {
		for i, x := range support {
			cdf[i] = 1 - mathext.RegIncBeta(x+1, shape, p)
		}
		return
	}
	mass, sum, k := math.Exp(log0), 0.0, 0.0
	for i, x := range support {
		for ; k <= x; k++ {
			sum += mass
			mass *= more(shape, p, k)
		}
		cdf[i] = min(1, sum)
		if mass < 1e-14 && k > mean {
			for j := i + 1; j < len(cdf); j++ {
				cdf[j] = cdf[i]
			}
			return
		}
	}
}

// ShapeFor is the shape with which a mean has the variance.
func ShapeFor(mean, variance float64) float64 {
	if variance <= mean*(1+1e-6) {
		return 1e6
	}
	return mean * mean / (variance - mean)
}

// drawn is the mean up to which a number is drawn by going up its masses.
const drawn = 30

// Draw is a random number, by inversion if it is small, else by
// gamma-Poisson mixture.
func Draw(mean, shape float64, rng *rand.Rand) float64 {
	if mean <= 0 {
		return 0
	}
	shape = min(max(shape, 1e-4), 1e6)
	if mean <= drawn {
		u, p := rng.Float64(), mean/(shape+mean)
		mass, k := math.Exp(-shape*math.Log1p(mean/shape)), 0.0
		for ; u > mass && k < 1e4; k++ {
			u -= mass
			mass *= more(shape, p, k)
		}
		return k
	}
	if shape < 1e6 {
		mean *= distuv.Gamma{Alpha: shape, Beta: shape, Src: rng}.Rand()
	}
	return distuv.Poisson{Lambda: max(mean, 1e-12), Src: rng}.Rand()
}

// LogLikelihood is the logarithm of the mass at y, less ln y!, and its
// derivatives by mean and shape. y need not be whole.
func LogLikelihood(y, mean, shape float64) (value, byMean, byShape float64) {
	var ratio, slope float64 // ln Gamma(y+r)/Gamma(r), and its derivative
	if y <= 24 && y == math.Trunc(y) {
		product := 1.0
		for k := 0.0; k < y; k++ {
			product *= shape + k
			slope += 1 / (shape + k)
			if product > 1e250 {
				ratio, product = ratio+math.Log(product), 1
			}
		}
		ratio += math.Log(product)
	} else {
		a, _ := math.Lgamma(y + shape)
		b, _ := math.Lgamma(shape)
		ratio, slope = a-b, mathext.Digamma(y+shape)-mathext.Digamma(shape)
	}
	q := math.Log1p(mean / shape)
	value = ratio - shape*q + y*(math.Log(mean/shape)-q)
	byMean = (y/mean - 1) * shape / (shape + mean)
	byShape = slope - q + (mean-y)/(shape+mean)
	return value, byMean, byShape
}
