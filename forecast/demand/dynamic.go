package demand

import (
	"math"

	"presage/forecast/negbinomial"
)

// dynamic is the damped dynamic negative binomial of Snyder, Ord and Beaumont
// (IJF 28 (2012) 485-496): the mean returns to the series' own long-run mean,
//
//	mu[t+1] = (1 - phi - alpha) mu + phi mu[t] + alpha y[t]
//
// and the demand is negative binomial with variance in proportion to the mean.
// phi, alpha and the spread are the assortment's by maximum likelihood.
type dynamic struct {
	all        assortment
	phi, alpha float64 // both > 0, phi + alpha < 1
	wide       float64 // share of the series' own over-dispersion that counts
}

func newDynamic(l lines, all assortment) dynamic {
	from := func(x []float64) dynamic {
		total, share := logistic(x[0]), logistic(x[1])
		return dynamic{all: all, phi: total * (1 - share), alpha: total * share, wide: math.Exp(x[2])}
	}
	some := l.some(fitted)
	x := simplex(func(x []float64) float64 {
		m, loss := from(x), 1e-3*(x[0]*x[0]+x[1]*x[1]+x[2]*x[2])
		for _, row := range some {
			loss -= m.likelihood(row)
		}
		return loss
	}, []float64{2, -2, -0.5}, 70)
	return from(x)
}

// run is the mean of the period after the values, the long-run mean and the
// variance over the mean.
func (m dynamic) run(values []float64, each func(mean, y float64)) (mu, long, spread float64) {
	n, sum, squares := sums(values)
	long = (sum + m.all.mean) / (n + 1)
	spread = m.wide*(m.all.dispersionOf(n, sum, squares)-1) + 1e-3
	mu = long
	for _, y := range values {
		if math.IsNaN(y) {
			continue
		}
		if each != nil {
			each(mu, y)
		}
		mu = (1-m.phi-m.alpha)*long + m.phi*mu + m.alpha*y
	}
	return mu, long, spread
}

func (m dynamic) likelihood(values []float64) float64 {
	total := 0.0
	_, _, spread := m.run(values, nil)
	m.run(values, func(mean, y float64) {
		value, _, _ := negbinomial.LogLikelihood(y, mean, mean/spread)
		total += value
	})
	return total
}

func (m dynamic) forecast(values []float64, w *work) outcome {
	mu, long, spread := m.run(values, nil)
	if w.Horizon == 1 {
		return w.mixed(mu, mu/spread, math.Inf(1))
	}
	return w.simulated(func(future []float64) {
		level := mu
		for h := range future {
			future[h] = negbinomial.Draw(level, level/spread, w.rng)
			level = (1-m.phi-m.alpha)*long + m.phi*level + m.alpha*future[h]
		}
	})
}
