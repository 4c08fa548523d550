package demand

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// usualSwing is the relative spread of a part's demand from period to period
// beyond that of a Poisson count where no series tells it.
const usualSwing = 0.5

// young is the number of periods below which a series tells nothing of its own spread.
const young = 3

// widen gives the forecast of a young series the assortment's spread at least:
// from period to period, and of the level, which one or two periods hardly
// tell. The mean stays.
func (a assortment) widen(f *Forecast, values []float64) {
	n, sum, _ := sums(values)
	if n == 0 || n >= young || sum == 0 {
		return
	}
	for h, d := range f.Steps {
		mean, variance := d.moments()
		if mean <= 0 {
			continue
		}
		lacks := a.swing*a.swing*(1+1/n) + 1/mean - variance/(mean*mean)
		if lacks > 0 {
			f.Steps[h].CDF = d.times(math.Sqrt(math.Log1p(lacks)))
		}
	}
}

// factors are how many equally likely factors spread a law.
const factors = 31

// times is the cumulative distribution of d times an independent lognormal
// factor of mean one.
func (d Distribution) times(sigma float64) []float64 {
	out := make([]float64, len(d.CDF))
	for k := range factors {
		z := distuv.UnitNormal.Quantile((float64(k) + 0.5) / factors)
		factor := math.Exp(sigma*z - sigma*sigma/2)
		for i, x := range d.Support {
			out[i] += d.at(x/factor) / factors
		}
	}
	out[len(out)-1] = 1
	return out
}

// at is P(demand <= x), evenly spread within steps of more than one piece.
func (d Distribution) at(x float64) float64 {
	i := sort.SearchFloat64s(d.Support, x)
	switch {
	case i == len(d.Support):
		return 1
	case d.Support[i] == x || i == 0:
		return d.CDF[i]
	}
	step := d.Support[i] - d.Support[i-1]
	if step <= 1 {
		return d.CDF[i-1]
	}
	return d.CDF[i-1] + (d.CDF[i]-d.CDF[i-1])*(x-d.Support[i-1])/step
}
