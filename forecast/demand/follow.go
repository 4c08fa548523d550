package demand

import (
	"math"
	"sort"
)

// A past of two years holds few sums of twelve months, and these are old: a
// distribution that is fitted to sums knows their spread, but their level less
// well than single periods tell it.

// follow stretches the distributions of running sums so that their means are
// the sums of the single periods' means.
func follow(steps []Distribution, singles []float64) {
	sum := 0.0
	for h, d := range steps {
		sum += singles[h]
		if mean := d.Mean(); mean > 0 && sum > 0 {
			steps[h].CDF = d.stretched(sum / mean)
		}
	}
}

// stretched is the cumulative distribution at a level that is factor times as
// high, to whole pieces: as if d were the sum of that many equal independent
// parts, nothing has the probability of before to the power of the factor
// (Feller 1968, chapter XII), and what is asked for is multiplied by what the
// mean still lacks.
func (d Distribution) stretched(factor float64) []float64 {
	none := d.CDF[0]
	if none >= 1 {
		return d.CDF
	}
	out := make([]float64, len(d.CDF))
	out[0] = math.Pow(none, factor)
	size, share := factor*(1-none)/(1-out[0]), (1-out[0])/(1-none)
	for i, x := range d.Support[1:] {
		out[i+1] = out[0] + share*(d.spread((x+0.5)/size)-none)
	}
	out[len(out)-1] = 1
	return out
}

// spread is P(demand < x) if each number of pieces above 0 is spread evenly
// from half a piece below it to half above.
func (d Distribution) spread(x float64) float64 {
	x -= 0.5
	i := sort.SearchFloat64s(d.Support, x)
	switch {
	case i == len(d.Support):
		return 1
	case i == 0:
		return d.CDF[0]
	}
	return d.CDF[i-1] + (d.CDF[i]-d.CDF[i-1])*(x-d.Support[i-1])/(d.Support[i]-d.Support[i-1])
}
