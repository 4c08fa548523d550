package demand

import (
	"math"

	"gonum.org/v1/gonum/optimize"

	"presage/models/median"
)

// assortment is what series have in common; it is the prior of each.
type assortment struct {
	mean       float64 // of demand per period, the median over the series
	dispersion float64 // variance over mean, the median over the series
	dies       float64 // probability that demand ends for good in a period
	scheduled  float64 // share of series that ask for the same number every period
	swing      float64 // relative spread from period to period beyond that of a Poisson count, the median over the series
}

// learn looks over the series up to an origin.
func learn(rows [][]float64) assortment {
	means, ratios := make([]float64, 0, len(rows)), make([]float64, 0, len(rows))
	var swings []float64
	for _, row := range rows {
		ys := observed(row)
		mean, variance := moments(ys)
		if mean <= 0 {
			continue
		}
		means, ratios = append(means, mean), append(ratios, variance/mean)
		if len(ys) >= young {
			swings = append(swings, math.Sqrt(max(0, variance-mean))/mean)
		}
	}
	a := assortment{mean: 1e-3, dispersion: 1, dies: dying(rows), scheduled: scheduled(rows), swing: usualSwing}
	if len(means) > 0 {
		a.mean, a.dispersion = max(a.mean, median.Sorting(means)), max(a.dispersion, median.Sorting(ratios))
	}
	if len(swings) > 0 {
		a.swing = median.Sorting(swings)
	}
	return a
}

// dispersionOf is a series' variance over its mean, drawn towards the
// assortment's as if that had been seen for three periods; at least 1.
func (a assortment) dispersionOf(n, sum, squares float64) float64 {
	if sum <= 0 {
		return a.dispersion
	}
	mean := sum / n
	own := max(0, squares/n-mean*mean) / mean
	return max(1, (n*own+3*a.dispersion)/(n+3))
}

// sums are the number of records, their sum and that of their squares.
func sums(values []float64) (n, sum, squares float64) {
	for _, y := range values {
		if !math.IsNaN(y) {
			n, sum, squares = n+1, sum+y, squares+y*y
		}
	}
	return n, sum, squares
}

// simplex minimises f from x by Nelder and Mead's method within a bound of
// evaluations; where it fails x stands.
func simplex(f func(x []float64) float64, x []float64, evaluations int) []float64 {
	r, err := optimize.Minimize(optimize.Problem{Func: f}, x,
		&optimize.Settings{FuncEvaluations: evaluations, Concurrent: 1}, &optimize.NelderMead{SimplexSize: 0.5})
	if r == nil || err != nil && !finite(r.F) {
		return x
	}
	return r.X
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
