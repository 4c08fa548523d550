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
	RMSE   float64 // mean over the series of their root mean squared error
	MASE   float64 // mean over the series; by the mean of their past as in de Haan (2021)
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
	n, series, scaled     float64
	rps, pinball, demand  float64
	means                 float64
	mse, rmse, mase       float64
	below                 []float64
	seriesN, squares, abs float64 // of the series at hand
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
	l.seriesN++
	l.squares += (y - mean) * (y - mean)
	l.abs += math.Abs(y - mean)
}

// close ends a series whose past had the given mean.
func (l *losses) close(scale float64) {
	if l.seriesN > 0 {
		l.series++
		l.mse += l.squares / l.seriesN
		l.rmse += math.Sqrt(l.squares / l.seriesN)
		if scale > 0 {
			l.scaled++
			l.mase += l.abs / l.seriesN / scale
		}
	}
	l.seriesN, l.squares, l.abs = 0, 0, 0
}

func (l *losses) merge(o *losses) {
	l.n, l.series, l.scaled = l.n+o.n, l.series+o.series, l.scaled+o.scaled
	l.rps, l.pinball, l.demand, l.means = l.rps+o.rps, l.pinball+o.pinball, l.demand+o.demand, l.means+o.means
	l.mse, l.rmse, l.mase = l.mse+o.mse, l.rmse+o.rmse, l.mase+o.mase
	for i, b := range o.below {
		l.below[i] += b
	}
}

func (l *losses) score(method string) Score {
	s := Score{
		Method: method, N: int(l.n), RPS: l.rps / l.n, WQL: 2 * l.pinball / 9 / l.demand, Bias: l.means/l.demand - 1,
		MSE: l.mse / l.series, RMSE: l.rmse / l.series, MASE: l.mase / l.scaled, Below: make([]float64, len(l.below)),
	}
	for i, b := range l.below {
		s.Below[i] = b / l.n
	}
	return s
}
