package demand

import (
	"math"

	"presage/forecast/negbinomial"
)

// filter is the discounted gamma-Poisson filter (West and Harrison 1997,
// section 10.8; Smith 1979): the level of a series is gamma with shape a and
// rate b, both lose the share 1-keep of what they know in every period, and a
// demand y adds (y, 1). The next demand is negative binomial with the mean
// a/b. Demand that comes in lots spreads more than Poisson: extra times the
// series' own ratio of variance to mean, less one, widens it. All constants
// are the assortment's, by maximum likelihood of the demands one ahead.
type filter struct {
	all  assortment
	keep float64 // in (0, 1)
	pull float64 // periods that the assortment's level counts for at the beginning
	wide float64 // share of the series' own over-dispersion that counts, > 0
}

// fitted is how many series the constants of a pooled distribution are fitted to.
const fitted = 600

func newFilter(l lines, all assortment) filter {
	from := func(x []float64) filter {
		return filter{all: all, keep: logistic(x[0]), pull: math.Exp(x[1]), wide: math.Exp(x[2])}
	}
	some := l.some(fitted)
	x := simplex(func(x []float64) float64 {
		m, loss := from(x), 1e-3*(x[0]*x[0]+x[1]*x[1]+x[2]*x[2])
		for _, row := range some {
			loss -= m.likelihood(row)
		}
		return loss
	}, []float64{2.5, 0, -0.5}, 70)
	return from(x)
}

// state is the level's shape and rate after the values, and the dispersion
// that goes with them.
func (m filter) run(values []float64, each func(mean, shape, y float64)) (a, b, dispersion float64) {
	a, b = m.pull*m.all.mean, m.pull
	n, sum, squares := 0.0, 0.0, 0.0
	dispersion = m.all.dispersion
	for _, y := range values {
		if math.IsNaN(y) {
			continue
		}
		if each != nil && n > 0 {
			each(a/b, m.shape(a, b, dispersion), y)
		}
		a, b = m.keep*a+y, m.keep*b+1
		// What is known of the level never falls below a tenth of a period.
		a = max(a, 1e-3*m.all.mean)
		n, sum, squares = n+1, sum+y, squares+y*y
		dispersion = m.all.dispersionOf(n, sum, squares)
	}
	return a, b, dispersion
}

// shape is that of a period whose level is known: 1/shape adds to 1/a.
func (m filter) within(a, b, dispersion float64) float64 {
	return max(a/b, 1e-9) / (m.wide*(dispersion-1) + 1e-3)
}

func (m filter) shape(a, b, dispersion float64) float64 {
	return 1 / (1/m.within(a, b, dispersion) + 1/a)
}

func (m filter) likelihood(values []float64) float64 {
	total := 0.0
	m.run(values, func(mean, shape, y float64) {
		value, _, _ := negbinomial.LogLikelihood(y, mean, shape)
		total += value
	})
	return total
}

func (m filter) forecast(values []float64, w *work) outcome {
	a, b, dispersion := m.run(values, nil)
	return w.mixed(a/b, m.within(a, b, dispersion), a)
}
