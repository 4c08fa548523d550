package demand

import (
	"math"
	"math/rand/v2"
	"slices"

	"presage/models/eval"
)

// Score is how good a method's forecasts were.
type Score struct {
	Method string
	N      int     // demands judged
	RPS    float64 // mean ranked probability score, pieces
	WQL    float64 // weighted quantile loss over .1, .2 ... .9
	Bias   float64 // sum of the means over the sum of the demands, less one
	MSE    float64 // mean over the series of their mean squared error
	MAE    float64 // mean over the series of their mean absolute error
	RMSE   float64 // mean over the series of their root mean squared error
	MASE   float64 // mean over the series; by the mean of their past as in de Haan (2021)
	// Deciding is how many series the MSE rests on: (sum)^2 over the sum of
	// squares of their mean squared errors (Kish 1965). Near one, a single
	// series decides it and it tells little of a method.
	Deciding float64
	// Below is the share of randomised probability integral transforms at most
	// .1, .2 ... .9, .95 and .99.
	Below []float64
}

// Levels are those of Score.Below; the first nine those of the quantile loss.
func Levels() []float64 { return []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99} }

// Off is the largest distance of a share from its level, between two levels.
func (s Score) Off(from, to float64) float64 {
	off := 0.0
	for i, q := range Levels() {
		if q >= from && q <= to {
			off = max(off, math.Abs(s.Below[i]-q))
		}
	}
	return off
}

// losses are the sums that a score is made of.
type losses struct {
	n                           float64
	rps, pinball, demand, means float64
	below                       []float64
}

func newLosses() *losses { return &losses{below: make([]float64, len(Levels()))} }

// add judges one demand.
func (l *losses) add(d Distribution, mean, y float64, rng *rand.Rand) {
	l.n++
	l.rps += d.RPS(y)
	l.demand += y
	l.means += mean
	for _, q := range Levels()[:9] {
		miss := y - d.Quantile(q)
		l.pinball += max(q*miss, (q-1)*miss)
	}
	at, _ := slices.BinarySearch(d.Support, y)
	u := eval.RandomisedPIT(d.CDF, at, rng)
	for i, q := range Levels() {
		if u <= q {
			l.below[i]++
		}
	}
}

// missed are those of a method's means for one series, over all origins.
type missed struct{ n, squares, abs float64 }

func (e *missed) add(mean, y float64) {
	e.n++
	e.squares += (y - mean) * (y - mean)
	e.abs += math.Abs(y - mean)
}

func (l *losses) merge(o *losses) {
	l.n, l.rps, l.pinball = l.n+o.n, l.rps+o.rps, l.pinball+o.pinball
	l.demand, l.means = l.demand+o.demand, l.means+o.means
	for i, b := range o.below {
		l.below[i] += b
	}
}

// score sums up; scales are the mean demands of the series before the first origin.
func (l *losses) score(method string, of []missed, scales []float64) Score {
	s := Score{
		Method: method, N: int(l.n), RPS: l.rps / l.n, WQL: 2 * l.pinball / 9 / l.demand,
		Bias: l.means/l.demand - 1, Below: make([]float64, len(l.below)),
	}
	for i, b := range l.below {
		s.Below[i] = b / l.n
	}
	series, scaled, squares := 0.0, 0.0, 0.0
	for i, e := range of {
		if e.n == 0 {
			continue
		}
		series++
		s.MSE += e.squares / e.n
		squares += (e.squares / e.n) * (e.squares / e.n)
		s.MAE += e.abs / e.n
		s.RMSE += math.Sqrt(e.squares / e.n)
		if scales[i] > 0 {
			scaled++
			s.MASE += e.abs / e.n / scales[i]
		}
	}
	if squares > 0 {
		s.Deciding = s.MSE * s.MSE / squares
	}
	s.MSE, s.MAE, s.RMSE, s.MASE = s.MSE/series, s.MAE/series, s.RMSE/series, s.MASE/scaled
	return s
}
