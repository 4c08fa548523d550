package demand

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// steepest is the least logarithm from which the recursion of masses may start.
const steepest = -600

// negBinomial writes the cumulative probabilities of the negative binomial
// with the given mean and shape (variance mean + mean^2/shape) on the support.
// A mean of 0 is certain; a shape above 1e6 is as good as Poisson.
func negBinomial(mean, shape float64, support, cdf []float64) {
	if mean <= 0 {
		for i := range cdf {
			cdf[i] = 1
		}
		return
	}
	shape = min(max(shape, 1e-4), 1e6)
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
			mass *= (shape + k) / (k + 1) * p
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

// shapeFor is the shape of a negative binomial with the mean and variance.
func shapeFor(mean, variance float64) float64 {
	if variance <= mean*(1+1e-6) {
		return 1e6
	}
	return mean * mean / (variance - mean)
}

// drawn is the mean up to which a number is drawn by going up its masses.
const drawn = 30

// draw is a negative binomial number, by inversion if it is small, else by
// gamma-Poisson mixture.
func draw(mean, shape float64, rng *rand.Rand) float64 {
	if mean <= 0 {
		return 0
	}
	shape = min(max(shape, 1e-4), 1e6)
	if mean <= drawn {
		u, p := rng.Float64(), mean/(shape+mean)
		mass, k := math.Exp(-shape*math.Log1p(mean/shape)), 0.0
		for ; u > mass && k < 1e4; k++ {
			u -= mass
			mass *= (shape + k) / (k + 1) * p
		}
		return k
	}
	if shape < 1e6 {
		mean *= distuv.Gamma{Alpha: shape, Beta: shape, Src: rng}.Rand()
	}
	return distuv.Poisson{Lambda: max(mean, 1e-12), Src: rng}.Rand()
}

// logNegBinomial is the logarithm of the mass at y and its derivatives by mean
// and shape. y need not be whole.
func logNegBinomial(y, mean, shape float64) (value, byMean, byShape float64) {
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
	return value, byMean, byShape // without ln y!, which no parameter moves
}
