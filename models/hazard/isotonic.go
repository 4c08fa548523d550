package hazard

import (
	"cmp"
	"math"
	"slices"
)

// Isotonic is a never-falling function of a score: linear between its points,
// flat beyond them.
type Isotonic struct {
	X []float64 `json:"x"` // rising scores
	Y []float64 `json:"y"` // probabilities, never falling
}

// At is the function's value.
func (f Isotonic) At(x float64) float64 {
	i, _ := slices.BinarySearch(f.X, x)
	switch {
	case i == 0:
		return f.Y[0]
	case i == len(f.X):
		return f.Y[i-1]
	}
	share := (x - f.X[i-1]) / (f.X[i] - f.X[i-1])
	return f.Y[i-1] + share*(f.Y[i]-f.Y[i-1])
}

// PoolAdjacent is the never-falling sequence nearest to y by weighted squares
// (pool adjacent violators; Ayer et al. 1955). Weights are positive.
func PoolAdjacent(y, weight []float64) []float64 {
	type block struct {
		mean, weight float64
		n            int
	}
	var blocks []block
	for i, v := range y {
		blocks = append(blocks, block{v, weight[i], 1})
		for k := len(blocks) - 1; k > 0 && blocks[k-1].mean >= blocks[k].mean; k-- {
			a, b := blocks[k-1], blocks[k]
			w := a.weight + b.weight
			blocks[k-1] = block{(a.mean*a.weight + b.mean*b.weight) / w, w, a.n + b.n}
			blocks = blocks[:k]
		}
	}
	out := make([]float64, 0, len(y))
	for _, b := range blocks {
		for range b.n {
			out = append(out, b.mean)
		}
	}
	return out
}

// calibrate fits failures to scores. Each step of the isotonic regression is
// drawn to the base rate by one row's weight, so that none is 0 or 1 for lack
// of rows; a second pass keeps the order.
func calibrate(scores []float64, failed []bool) Isotonic {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	var x, y, w []float64 // equal scores are one point
	rate := 0.
	for _, i := range order {
		v := outcome(failed[i])
		rate += v / float64(len(order))
		if k := len(x) - 1; k >= 0 && x[k] == scores[i] {
			y[k] = (y[k]*w[k] + v) / (w[k] + 1)
			w[k]++
			continue
		}
		x, y, w = append(x, scores[i]), append(y, v), append(w, 1)
	}
	y = PoolAdjacent(y, w)
	var f Isotonic
	var sizes []float64
	for i := 0; i < len(x); {
		k, sum, weight := i, 0., 0.
		for ; k < len(x) && y[k] == y[i]; k++ {
			sum, weight = sum+x[k]*w[k], weight+w[k]
		}
		f.X, f.Y = append(f.X, sum/weight), append(f.Y, (y[i]*weight+rate)/(weight+1))
		sizes = append(sizes, weight+1)
		i = k
	}
	f.Y = PoolAdjacent(f.Y, sizes)
	return f
}

func outcome(failed bool) float64 {
	if failed {
		return 1
	}
	return 0
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
