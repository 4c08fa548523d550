package hazard

import (
	"math"
	"slices"
)

// missing is the bin of a missing value.
const missing = 255

// binned is data as histograms see it.
type binned struct {
	edges [][]float64 // a feature: bin b holds x <= edges[b], the last bin all above
	codes [][]uint8   // a feature: a row's bin
}

// bin puts edges between quantiles of the rows to be fitted and codes all rows.
func bin(d Data, rows []int, bins int) binned {
	b := binned{edges: make([][]float64, len(d.X)), codes: make([][]uint8, len(d.X))}
	for j, x := range d.X {
		seen := make([]float64, 0, len(rows))
		for _, i := range rows {
			if !math.IsNaN(x[i]) {
				seen = append(seen, x[i])
			}
		}
		b.edges[j] = edges(seen, bins)
		b.codes[j] = make([]uint8, len(x))
		for i, v := range x {
			b.codes[j][i] = code(b.edges[j], v)
		}
	}
	return b
}

// edges lie half way between neighbouring distinct values.
func edges(x []float64, bins int) []float64 {
	slices.Sort(x)
	var out []float64
	for k := 1; k < bins; k++ {
		i := k * len(x) / bins
		if i == 0 || i >= len(x) {
			continue
		}
		for i < len(x) && x[i] == x[i-1] { // to the end of a run of ties
			i++
		}
		if i == len(x) {
			break
		}
		if e := x[i-1] + (x[i]-x[i-1])/2; len(out) == 0 || e > out[len(out)-1] {
			out = append(out, e)
		}
	}
	return out
}

func code(edges []float64, x float64) uint8 {
	if math.IsNaN(x) {
		return missing
	}
	i, _ := slices.BinarySearch(edges, x)
	return uint8(i)
}
