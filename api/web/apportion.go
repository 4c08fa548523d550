package web

import (
	"cmp"
	"math"
	"slices"
)

// apportion rounds the total to the unit and hands it out to the shares by
// largest remainder, so that what is read adds up.
func apportion(xs []float64, unit float64) (total float64, shares []float64) {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	units := int(math.Round(sum / unit))
	whole, rest, left := make([]int, len(xs)), make([]int, len(xs)), units
	for i, x := range xs {
		whole[i], rest[i] = int(x/unit), i
		left -= whole[i]
	}
	remainder := func(i int) float64 { return xs[i]/unit - float64(whole[i]) }
	slices.SortStableFunc(rest, func(a, b int) int { return cmp.Compare(remainder(b), remainder(a)) })
	for k := 0; k < left && k < len(rest); k++ {
		whole[rest[k]]++
	}
	shares = make([]float64, len(xs))
	for i, n := range whole {
		shares[i] = float64(n) * unit
	}
	return float64(units) * unit, shares
}
