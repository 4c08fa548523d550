package fleet

import "math"

// Distribution is a probability mass function on the whole numbers >= 0. The
// zero value is not a distribution; Point(0) is the sum of nothing.
type Distribution struct {
	First int       // the number of pieces that Mass[0] stands for, >= 0
	Mass  []float64 // P(First), P(First+1), ...; each >= 0; read only
	Tail  float64   // mass cut off above the last cell, at most about 1e-12
}

// Point is the distribution of the certain number n >= 0.
func Point(n int) Distribution { return Distribution{First: n, Mass: []float64{1}} }

// At is the probability of exactly k pieces, 0 outside the cells kept.
func (d Distribution) At(k int) float64 {
	if i := k - d.First; i >= 0 && i < len(d.Mass) {
		return d.Mass[i]
	}
	return 0
}

// Mean is the expected number of pieces, without what Tail would add.
func (d Distribution) Mean() float64 {
	mean := 0.0
	for i, m := range d.Mass {
		mean += float64(d.First+i) * m
	}
	return mean
}

// Variance is in pieces squared, without what Tail would add.
func (d Distribution) Variance() float64 {
	mean, v := d.Mean(), 0.0
	for i, m := range d.Mass {
		x := float64(d.First+i) - mean
		v += x * x * m
	}
	return v
}

// rounding is how far a cumulative sum may fall short of a level by addition
// alone: a median of exactly one half must not become the next number.
const rounding = 1e-12

// Quantile is the smallest k with P(X <= k) >= q, for q in (0, 1); it is
// First for q <= 0 and the first number past the cells when q lies in the tail.
func (d Distribution) Quantile(q float64) int {
	sum := 0.0
	for i, m := range d.Mass {
		if sum += m; sum >= q-rounding {
			return d.First + i
		}
	}
	return d.First + len(d.Mass)
}

// Exceeds is P(X > k), with the tail.
func (d Distribution) Exceeds(k int) float64 {
	sum := d.Tail
	for i := len(d.Mass) - 1; i >= 0 && d.First+i > k; i-- {
		sum += d.Mass[i]
	}
	return math.Min(sum, 1)
}

// Times is the distribution of n times the number: the pieces of jobs that
// take n >= 1 each.
func (d Distribution) Times(n int) Distribution {
	if n == 1 || len(d.Mass) == 0 {
		return d
	}
	mass := make([]float64, (len(d.Mass)-1)*n+1)
	for i, m := range d.Mass {
		mass[i*n] = m
	}
	return Distribution{First: d.First * n, Mass: mass, Tail: d.Tail}
}

// cut is the mass that may be dropped at each end of a window at each step.
const cut = 1e-18

// trimmed drops the ends of d that weigh less than cut.
func (d Distribution) trimmed() Distribution {
	lo, below := 0, 0.0
	for lo < len(d.Mass)-1 && below+d.Mass[lo] <= cut {
		below += d.Mass[lo]
		lo++
	}
	hi, above := len(d.Mass), 0.0
	for hi > lo+1 && above+d.Mass[hi-1] <= cut {
		above += d.Mass[hi-1]
		hi--
	}
	d.Mass[lo] += below
	return Distribution{First: d.First + lo, Mass: d.Mass[lo:hi], Tail: d.Tail + above}
}

// Mixture is the weighted mean of ds: the distribution of a number drawn from the i-th
// with probability weights[i]. The weights sum to one.
func Mixture(ds []Distribution, weights []float64) Distribution {
	first, end := math.MaxInt, 0
	for _, d := range ds {
		first, end = min(first, d.First), max(end, d.First+len(d.Mass))
	}
	out := Distribution{First: first, Mass: make([]float64, end-first)}
	for j, d := range ds {
		for i, m := range d.Mass {
			out.Mass[d.First-first+i] += weights[j] * m
		}
		out.Tail += weights[j] * d.Tail
	}
	return out.trimmed()
}
