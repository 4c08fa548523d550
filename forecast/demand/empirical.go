package demand

import "math"

// empirical is the distribution of the last values with a record, each as likely;
// sums draw periods independently.
type empirical struct{ last int }

func (m empirical) forecast(values []float64, w *work) outcome {
	ys := observed(values)
	ys = ys[max(0, len(ys)-m.last):]
	if len(ys) == 0 {
		return w.steady(0, 0)
	}
	if w.Cumulative {
		return w.simulated(func(future []float64) {
			for h := range future {
				future[h] = ys[w.rng.IntN(len(ys))]
			}
		})
	}
	mean, _ := moments(ys)
	o := outcome{mean: make([]float64, w.Horizon), cdf: make([][]float64, w.Horizon)}
	cdf := w.counted(ys)
	for h := range w.Horizon {
		o.mean[h], o.cdf[h] = mean, cdf
	}
	return o
}

// bootstrap draws futures as Willemain, Smart and Schwarz (IJF 20 (2004)
// 375-387): whether there is a demand follows a two-state Markov chain, its
// size is one of the past, jittered by 1 + int(x + Z sqrt(x)).
type bootstrap struct{}

func (bootstrap) forecast(values []float64, w *work) outcome {
	ys := observed(values)
	var sizes []float64
	var stays [2][2]float64 // [state before][state after]
	for i, y := range ys {
		if y > 0 {
			sizes = append(sizes, y)
		}
		if i > 0 {
			stays[demanded(ys[i-1])][demanded(y)]++
		}
	}
	if len(sizes) == 0 {
		return w.steady(0, 0)
	}
	rate := float64(len(sizes)) / float64(len(ys))
	var next [2]float64 // probability of a demand; the rate counts as one observation
	for s := range next {
		next[s] = (stays[s][1] + rate) / (stays[s][0] + stays[s][1] + 1)
	}
	now := demanded(ys[len(ys)-1])
	return w.simulated(func(future []float64) {
		s := now
		for h := range future {
			future[h] = 0
			if w.rng.Float64() < next[s] {
				future[h] = jittered(sizes[w.rng.IntN(len(sizes))], w)
			}
			s = demanded(future[h])
		}
	})
}

func demanded(y float64) int {
	if y > 0 {
		return 1
	}
	return 0
}

// jittered is a size near x, or x itself where the jitter would leave nothing.
func jittered(x float64, w *work) float64 {
	if j := 1 + math.Trunc(x+w.rng.NormFloat64()*math.Sqrt(x)); j > 0 {
		return j
	}
	return x
}
