package life

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"presage"
)

// Range is an estimate with its confidence interval. High may be +Inf and Low
// 0 where the lives do not bound it.
type Range struct {
	Estimate, Low, High float64
}

// manyEvents is the number of failures above which the likelihood is so near
// to a parabola that its curvature gives the interval (Wald on the log scale).
const manyEvents = 1000

// QuantileRange is the age that the share p in (0, 1) of parts with covariates
// x (nil without) does not survive, with its interval at confidence (0.95 for
// 95 %): all values that a likelihood-ratio test would not reject, of which the
// other parameters are free (Meeker & Escobar 1998, section 8.3).
func (f Fitted) QuantileRange(p, confidence float64, x []float64) (Range, error) {
	if !(p > 0 && p < 1 && confidence > 0 && confidence < 1) || len(x) != len(f.Beta) {
		return Range{}, fmt.Errorf("quantile %g at confidence %g with %d covariates: %w: want shares in (0, 1) "+
			"and %d covariates", p, confidence, len(x), presage.ErrInvalid, len(f.Beta))
	}
	age := f.Distribution.With(x, f.Beta).Quantile(p)
	se := f.logQuantileError(p, x)
	if f.Events > manyEvents && se > 0 {
		z := distuv.UnitNormal.Quantile(0.5 + confidence/2)
		return Range{Estimate: age, Low: age * math.Exp(-z*se), High: age * math.Exp(z*se)}, nil
	}
	pr := f.profile(p, x)
	limit := pr.best + distuv.ChiSquared{K: 1}.Quantile(confidence)/2
	if !(se > 0) || se > 2 {
		se = 0.5
	}
	return Range{
		Estimate: age,
		Low:      age * math.Exp(pr.crossing(-se, limit)),
		High:     age * math.Exp(pr.crossing(se, limit)),
	}, nil
}

// logQuantileError is the standard error of the logarithm of a quantile by the
// delta method; 0 when the covariance is not known.
func (f Fitted) logQuantileError(p float64, x []float64) float64 {
	if f.Cov == nil {
		return 0
	}
	k := f.Family.shapes()
	slope := make([]float64, 1+k+len(f.Beta))
	slope[0] = 1
	for i := range k {
		const h = 1e-5
		up, down := append([]float64(nil), f.Shape...), append([]float64(nil), f.Shape...)
		up[i] += h
		down[i] -= h
		slope[1+i] = (f.Family.quantile(p, up) - f.Family.quantile(p, down)) / (2 * h)
	}
	copy(slope[1+k:], x)
	sum := 0.0
	for a := range slope {
		for b := range slope {
			sum += slope[a] * f.Cov.At(a, b) * slope[b]
		}
	}
	return math.Sqrt(sum)
}

// profile is the likelihood of one quantile, maximised over all else.
type profile struct {
	problem *problem
	p       float64
	x       []float64 // centred and scaled
	at      float64   // estimate of the log quantile
	best    float64   // -ln L there
	rest    []float64 // shapes and coefficients of the last point: the next search starts there
}

func (f Fitted) profile(p float64, x []float64) *profile {
	pb := f.problem
	pr := &profile{problem: pb, p: p, x: make([]float64, len(x))}
	pr.rest = append(pr.rest, f.Shape...)
	mu := f.Mu - pb.logScale
	for j := range x {
		pr.x[j] = (x[j] - pb.centre[j]) / pb.scale[j]
		pr.rest = append(pr.rest, f.Beta[j]*pb.scale[j])
		mu += f.Beta[j] * x[j]
	}
	pr.at = mu + f.Family.quantile(p, f.Shape)
	pr.best = pr.negative(0)
	return pr
}

// negative is -ln L of the log quantile at + by, the other parameters at their best.
func (pr *profile) negative(by float64) float64 {
	f, k := pr.problem.family, pr.problem.family.shapes()
	whole := make([]float64, 1+len(pr.rest))
	value := func(rest []float64) float64 {
		copy(whole[1:], rest)
		whole[0] = pr.at + by - f.quantile(pr.p, rest[:k])
		for j, x := range pr.x {
			whole[0] -= rest[k+j] * x
		}
		return pr.problem.negative(whole)
	}
	if len(pr.rest) == 0 {
		return value(nil)
	}
	rest, least, ok := descend(value, pr.rest) // the last point is near
	if !ok {
		var err error
		if rest, least, err = minimum(value, rest); err != nil {
			return math.Inf(1)
		}
	}
	pr.rest = rest
	return least
}

// crossing is how far from the estimate, in the direction of step, -ln L rises
// to limit; infinite where it does not.
func (pr *profile) crossing(step, limit float64) float64 {
	saved := append([]float64(nil), pr.rest...)
	defer func() { pr.rest = saved }()
	inside, outside := 0.0, step
	for range 20 {
		if pr.negative(outside) > limit {
			return pr.bisect(inside, outside, limit)
		}
		inside, outside = outside, 2*outside
	}
	return math.Inf(int(math.Copysign(1, step)))
}

// bisect narrows the crossing down to a ten-thousandth of the quantile.
func (pr *profile) bisect(inside, outside, limit float64) float64 {
	for range 60 {
		middle := (inside + outside) / 2
		if math.Abs(outside-inside) < 1e-5 {
			return middle
		}
		if pr.negative(middle) > limit {
			outside = middle
		} else {
			inside = middle
		}
	}
	return (inside + outside) / 2
}
