package demand

import "slices"

// quadratic is a sum of ranked probability scores as a function of weights:
// for the mean of CDFs sum(w_i F_i) with sum(w) = 1 the score of y is
// sum_ij w_i w_j Q_ij with Q_ij the integral of (F_i - 1{y<=x})(F_j - 1{y<=x}).
type quadratic struct {
	n     float64 // scores that tell something of their own
	q     [][]float64
	prior []float64 // the weights that nothing scored would give, with sum one
}

func newQuadratic(prior []float64) *quadratic {
	q := &quadratic{q: make([][]float64, len(prior)), prior: prior}
	for i := range q.q {
		q.q[i] = make([]float64, len(prior))
	}
	return q
}

func (q *quadratic) add(other *quadratic) {
	q.n += other.n
	for i, row := range other.q {
		for j, x := range row {
			q.q[i][j] += x
		}
	}
}

// score adds one demand of a series that counts by weight.
func (q *quadratic) score(cdfs [][]float64, support []float64, y, weight float64) {
	last := len(support) - 1
	for i, f := range cdfs {
		for j, g := range cdfs[:i+1] {
			sum := max(0, y-support[last])
			for k, x := range support[:last] {
				if next := support[k+1]; y >= next {
					sum += f[k] * g[k] * (next - x)
				} else if y <= x {
					sum += (1 - f[k]) * (1 - g[k]) * (next - x)
				} else {
					sum += cell(f[k], g[k], x, next, y)
				}
			}
			q.put(i, j, weight*sum)
		}
	}
}

// square adds the squared error of the weighted means.
func (q *quadratic) square(means []float64, y, weight float64) {
	for i, a := range means {
		for j, b := range means[:i+1] {
			q.put(i, j, weight*(a-y)*(b-y))
		}
	}
}

func (q *quadratic) put(i, j int, x float64) {
	q.q[i][j] += x
	if i != j {
		q.q[j][i] += x
	}
}

// weights are the non-negative weights with sum one of the least score, drawn
// to the prior by a ridge that counts as much as shrink scores.
func (q *quadratic) weights(shrink float64) []float64 {
	w := slices.Clone(q.prior)
	if q.n == 0 {
		return w
	}
	diagonal := 0.0
	for i, p := range q.prior {
		diagonal += p * q.q[i][i]
	}
	ridge := diagonal * shrink / q.n
	// Frank and Wolfe's pairwise steps: move weight from the worst that has
	// some to the best, as far as the quadratic falls.
	for range 500 {
		best, worst, gain := q.extremes(w, ridge)
		if gain <= 1e-12*(diagonal+1e-300) {
			break
		}
		curve := q.q[best][best] + q.q[worst][worst] - 2*q.q[best][worst] + 2*ridge
		step := min(w[worst], gain/max(curve, 1e-300))
		w[best] += step
		w[worst] -= step
	}
	return w
}

// extremes are the methods along which the score falls and, among those with
// weight, rises most steeply, and the difference of the slopes.
func (q *quadratic) extremes(w []float64, ridge float64) (best, worst int, gain float64) {
	best, worst = -1, -1
	slope := make([]float64, len(w))
	for i, row := range q.q {
		slope[i] = ridge * (w[i] - q.prior[i])
		for j, x := range row {
			slope[i] += x * w[j]
		}
		if best < 0 || slope[i] < slope[best] {
			best = i
		}
		if w[i] > 0 && (worst < 0 || slope[i] > slope[worst]) {
			worst = i
		}
	}
	return best, worst, slope[worst] - slope[best]
}
