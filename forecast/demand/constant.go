package demand

import (
	"math"
	"slices"
)

// A part that is called off by contract asks for the same number every
// period. No count of independent orders does that: the longer the run of equal
// numbers, the surer it is that there is such a schedule (by Bayes, with the
// assortment's share of series that end in a long run), and the surer that it
// goes on (rule of succession).

// run is how many equal values, above 0, a history ends with, and their value.
func run(values []float64) (n int, y float64) {
	for _, v := range slices.Backward(values) {
		switch {
		case math.IsNaN(v):
			continue
		case n == 0 && v > 0:
			y = v
		case v != y || v == 0:
			return n, y
		}
		n++
	}
	return n, y
}

// longRun is a run that hardly any series of independent orders ends with.
const longRun = 6

// scheduled is the share of series that end in a long run of equal values, as
// if of twenty more one did.
func scheduled(rows [][]float64) float64 {
	long := 1.0
	for _, row := range rows {
		if n, _ := run(row); n >= longRun {
			long++
		}
	}
	return long / float64(len(rows)+20)
}

// goesOn is the probability that a history's last value is a schedule and that
// it still is in h periods; 0 without two equal values.
func (a assortment) goesOn(n int, y float64, h int) float64 {
	if n < 2 {
		return 0
	}
	log, _ := math.Lgamma(y + 1)
	chance := math.Exp(float64(n-1) * (y*math.Log(y) - y - log)) // of n-1 repeats by a Poisson count
	is := a.scheduled / (a.scheduled + (1-a.scheduled)*chance)
	return is * math.Pow(float64(n+1)/float64(n+2), float64(h))
}

// constant mixes the schedule into a forecast.
func (a assortment) constant(f *Forecast, values []float64, cumulative bool) {
	n, y := run(values)
	for h := range f.Steps {
		p := a.goesOn(n, y, h+1)
		if p == 0 {
			return
		}
		at := y
		if cumulative {
			at *= float64(h + 1)
		}
		f.Mean[h] += p * (at - f.Mean[h])
		d := f.Steps[h]
		for i, x := range d.Support {
			d.CDF[i] *= 1 - p
			if x >= at {
				d.CDF[i] += p
			}
		}
	}
}
