package demand

import (
	"math"
	"math/rand/v2"
	"slices"

	"presage/forecast/negbinomial"
)

// Task says what is to be forecast.
type Task struct {
	Horizon    int  // periods ahead, >= 1
	Cumulative bool // the sum of the periods up to each, instead of each
	Season     int  // periods of a year, 12 for months; below 2 for none
	Seed       uint64

	// meansOnly leaves the distributions out: their support is a single number.
	meansOnly bool
}

// outcome is what a method says of one series: for each period ahead a mean
// and the cumulative probabilities on the support. Slices may be shared.
type outcome struct {
	mean []float64
	cdf  [][]float64
}

// method forecasts one series from its values up to an origin.
type method interface {
	forecast(values []float64, w *work) outcome
}

// work is what a method needs to answer. It belongs to one goroutine.
type work struct {
	Task
	support []float64
	rng     *rand.Rand
}

func newWork(s Series, values []float64, t Task) *work {
	w := &work{Task: t, support: []float64{0}}
	if !t.meansOnly {
		w.support = supportFor(values, t)
	}
	w.seed(s.ID)
	return w
}

// seed starts the draws of a series anew.
func (w *work) seed(id string) {
	w.rng = rand.New(rand.NewPCG(w.Seed, hashOf(id))) //nolint:gosec // draws of a simulation, to be repeatable
}

// steady is the outcome of independent periods that all have this mean and
// variance: a negative binomial, Poisson where the variance is no larger.
// The sum of n is negative binomial again, with n times both.
func (w *work) steady(mean, variance float64) outcome {
	return w.mixed(mean, negbinomial.ShapeFor(mean, variance), math.Inf(1))
}

// mixed is the outcome of negative binomial periods of one shape whose common
// level is itself uncertain: gamma with the shape level. For a single period
// the variances add up; over n periods the level's share grows with n squared.
func (w *work) mixed(mean, shape, level float64) outcome {
	o := outcome{mean: make([]float64, w.Horizon), cdf: make([][]float64, w.Horizon)}
	for h := range w.Horizon {
		n := 1.0
		if w.Cumulative {
			n = float64(h + 1)
		}
		o.mean[h] = n * mean
		if h > 0 && !w.Cumulative {
			o.cdf[h] = o.cdf[0]
			continue
		}
		o.cdf[h] = make([]float64, len(w.support))
		negbinomial.Cumulative(n*mean, 1/(1/(n*shape)+1/level), w.support, o.cdf[h])
	}
	return o
}

// paths is how many futures a simulation draws.
const paths = 200

// simulated turns paths of demand, each of Horizon periods, into an outcome.
// They are summed up along the way if sums are asked for, and each counts
// as much.
func (w *work) simulated(path func(future []float64)) outcome {
	o := outcome{mean: make([]float64, w.Horizon), cdf: make([][]float64, w.Horizon)}
	futures := make([][]float64, w.Horizon)
	for h := range futures {
		futures[h] = make([]float64, paths)
	}
	future := make([]float64, w.Horizon)
	for i := range paths {
		path(future)
		sum := 0.0
		for h, y := range future {
			sum += y
			if w.Cumulative {
				y = sum
			}
			futures[h][i] = y
			o.mean[h] += y / paths
		}
	}
	for h, ys := range futures {
		o.cdf[h] = w.counted(ys)
	}
	return o
}

// counted is the empirical distribution of values; it sorts them.
func (w *work) counted(ys []float64) []float64 {
	slices.Sort(ys)
	cdf, k := make([]float64, len(w.support)), 0
	for i, x := range w.support {
		for k < len(ys) && ys[k] <= x {
			k++
		}
		cdf[i] = float64(k) / float64(len(ys))
	}
	return cdf
}
