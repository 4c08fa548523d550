package demand

import (
	"math"
	"slices"
	"sort"
)

// Distribution is a distribution of demand on ascending numbers of pieces: whole ones
// without a gap as far as it matters, in steps of 2 % beyond, within which the whole
// numbers are equally likely.
type Distribution struct {
	Support []float64 // ascending, from 0; read only
	CDF     []float64 // P(demand <= Support[i]), rising to 1; read only
}

// rounding is how far a cumulative sum may fall short of a level by addition alone.
const rounding = 1e-9

// Quantile is the smallest number of pieces with P(demand <= it) >= q.
func (d Distribution) Quantile(q float64) float64 {
	i := sort.Search(len(d.CDF), func(i int) bool { return d.CDF[i] >= q-rounding })
	i = min(i, len(d.Support)-1)
	if i == 0 || d.Support[i]-d.Support[i-1] <= 1 || d.CDF[i] <= d.CDF[i-1] {
		return d.Support[i]
	}
	low, step := d.Support[i-1], d.Support[i]-d.Support[i-1]
	share := (q - rounding - d.CDF[i-1]) / (d.CDF[i] - d.CDF[i-1])
	return low + min(step, max(1, math.Ceil(share*step)))
}

// Mean is the expected demand on the support.
func (d Distribution) Mean() float64 {
	mean, _ := d.moments()
	return mean
}

// moments are mean and variance on the support.
func (d Distribution) moments() (mean, variance float64) {
	last, below, squares := 0.0, -1.0, 0.0
	for i, c := range d.CDF {
		x := (below + 1 + d.Support[i]) / 2
		mean += x * (c - last)
		squares += x * x * (c - last)
		last, below = c, d.Support[i]
	}
	return mean, max(0, squares-mean*mean)
}

// RPS is the ranked probability score of the demand y, in pieces: the integral
// of (F(x) - 1{y <= x})^2 (Epstein 1969; Gneiting and Raftery 2007). 0 is a
// certainty that came true.
func (d Distribution) RPS(y float64) float64 {
	score, n := 0.0, len(d.Support)
	for i, c := range d.CDF[:n-1] {
		score += cell(c, c, d.Support[i], d.Support[i+1], y)
	}
	return score + max(0, y-d.Support[n-1])
}

// cell is the integral from low to high of (f - 1{y<=x})(g - 1{y<=x}).
func cell(f, g, low, high, y float64) float64 {
	at := min(max(y, low), high)
	return f*g*(at-low) + (1-f)*(1-g)*(high-at)
}

// wholeCells is how far the support has every whole number.
const wholeCells = 100

// support are the numbers of pieces from 0 to at least top.
func support(top float64) []float64 {
	out := make([]float64, 0, 64)
	for x := 0.0; ; {
		out = append(out, x)
		if x >= top {
			return out
		}
		x += max(1, math.Floor((x-wholeCells)*0.02))
	}
}

// supportFor covers what a series may ask for within the task's sums.
func supportFor(values []float64, t Task) []float64 {
	largest, sum, n := 0.0, 0.0, 0.0
	for _, y := range values {
		if !math.IsNaN(y) {
			largest, sum, n = max(largest, y), sum+y, n+1
		}
	}
	if n < young {
		largest *= 2 // it tells little of what may come
	}
	if !t.Cumulative || n == 0 {
		return withRun(support(12+3*largest), values, 1)
	}
	h := float64(t.Horizon)
	mean := sum / n
	top := 12 + 3*largest + 3*h*mean + 6*largest*math.Sqrt(h*min(1, mean/max(largest, 1)))
	return withRun(support(top), values, t.Horizon)
}

// withRun adds the exact number of a run of equal demands, and its multiples.
func withRun(support, values []float64, multiples int) []float64 {
	n, y := run(values)
	if n < 2 || y <= wholeCells {
		return support
	}
	for k := range multiples {
		support = append(support, float64(k+1)*y-1, float64(k+1)*y)
	}
	slices.Sort(support)
	return slices.Compact(support)
}
