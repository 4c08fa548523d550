package fleet

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"

	"presage"
)

// Frailty is the common error of all vehicles' failure probabilities: their
// hazards are multiplied by one gamma-distributed factor of mean 1 that nobody
// knows (shared gamma frailty; Vaupel, Manton and Stallard 1979, Demography
// 16:439-454; Clayton 1978, Biometrika 65:141-151).
//
// The gamma is cut into Strata strata of equal probability, each standing at
// its own mean: a quadrature that keeps the mean of the factor exactly and,
// with nine strata, 96 % of its variance; where the strata would show as lumps
// in a large fleet, the rest of the variance is put back (see Shared). A
// Gauss rule would keep the variance of small fleets to the last digit but
// leaves the quantiles of large ones between a few far nodes.
type Frailty struct {
	shape   float64   // of the gamma; its variance is 1/shape
	factors []float64 // the mean factor in each stratum
	width   []float64 // the factor's standard deviation inside each stratum
	ends    []float64 // the strata's bounds, one more than strata; all but nothing lies past the last
	peak    float64   // shape^shape exp(-shape) / Gamma(shape+1)
	known   []node    // of hazard, every hazardStep of -log(1-p)
}

// Strata is the number of strata of a Frailty.
const Strata = 9

// NewFrailty makes the frailty with the given variance of the factor, in
// [0, 1]; 0 is none. The variance of a factor learnt from n observed failures
// is about 1/n (gamma-Poisson conjugacy: Gelman et al., Bayesian Data
// Analysis, 3rd ed., section 2.6).
func NewFrailty(variance float64) (*Frailty, error) {
	if !(variance >= 0 && variance <= 1) {
		return nil, fmt.Errorf("%w variance of the common factor %v: want a number in [0, 1]", presage.ErrInvalid, variance)
	}
	if variance < 1e-9 { // a gamma this narrow is a point to every quantile
		return &Frailty{factors: []float64{1}}, nil
	}
	k := 1 / variance
	f := &Frailty{shape: k, ends: []float64{0}, peak: peak(k)}
	for j := range Strata {
		end := mathext.GammaIncRegInv(k, float64(j+1)/Strata) / k
		if j == Strata-1 {
			end = mathext.GammaIncRegCompInv(k, 1e-13) / k
		}
		f.ends = append(f.ends, end)
		mean := Strata * (f.moment(1, j+1) - f.moment(1, j))
		square := Strata * (f.moment(2, j+1) - f.moment(2, j)) * (1 + variance)
		f.factors = append(f.factors, mean)
		f.width = append(f.width, math.Sqrt(math.Max(square-mean*mean, 0)))
	}
	f.tabulate()
	return f, nil
}

// moment is E[factor^n; factor <= ends[j]] / E[factor^n]: a gamma of a shape n higher.
func (f *Frailty) moment(n, j int) float64 {
	switch j {
	case 0:
		return 0
	case Strata:
		return 1
	}
	return mathext.GammaIncReg(f.shape+float64(n), f.ends[j]*f.shape)
}
