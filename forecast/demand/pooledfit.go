package demand

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// mostExamples bounds the work and the memory of a fit.
const mostExamples = 30_000

// firstOrigin is how many periods a series must have shown to teach.
const firstOrigin = 3

// recent is what an example keeps of its weight in a period: habits of the
// assortment change. Chosen on carparts from origin 15, tested on months 16-27.
const recent = 0.9

// examples are past origins of the rows, each taken or not, and with a lead,
// by what is drawn for it. Task.Horizon is that of the forecasts.
func (t Task) examples(l lines, all assortment, season []float64) []example {
	periods := 0
	if len(l.rows) > 0 {
		periods = len(l.rows[0])
	}
	share := float64(mostExamples) / float64(max(1, len(l.rows)*max(0, periods-firstOrigin)))
	out := make([]example, 0, mostExamples+mostExamples/8)
	for i, row := range l.rows {
		var s state
		for now := range periods {
			draw := scrambled(l.keys[i] + uint64(now)*0x9e3779b97f4a7c15)
			if s.n >= firstOrigin && float64(draw>>11)/(1<<53) < share {
				h := 1 + int(scrambled(draw)%uint64(min(t.Horizon, periods-now)))
				e := t.ahead(s.view(all), season, now, h)
				for k := now + h - int(e.n); k < now+h; k++ {
					e.y += row[k]
				}
				if !math.IsNaN(e.y) {
					e.weight = math.Pow(recent, float64(periods-now-h))
					e.past, e.ahead = row[:now], h
					out = append(out, e)
				}
			}
			s.add(row[now])
		}
	}
	return out
}

// newPooled fits the constants. What it had to learn from is returned for
// others; without examples the constants are those of the beginning.
func newPooled(l lines, all assortment, t Task, season []float64, workers int) (*pooled, []example) {
	m := &pooled{Task: t, all: all, season: season, x: start()}
	examples := t.examples(l, all, season)
	if len(examples) == 0 {
		return m, nil
	}
	first := start()
	n := float64(len(examples))
	// Value and slope are asked for one after the other: one pass gives both.
	var at []float64
	value, slope := 0.0, make([]float64, constant)
	pass := func(x []float64) {
		if !slices.Equal(x, at) {
			clear(slope)
			at, value = slices.Clone(x), m.at(x).total(examples, slope, workers)
		}
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 {
			pass(x)
			return value/n + ridge(x, first, n, nil)
		},
		Grad: func(g, x []float64) {
			pass(x)
			for i := range g {
				g[i] = slope[i] / n
			}
			ridge(x, first, n, g)
		},
	}
	settings := optimize.Settings{MajorIterations: 100, GradientThreshold: 1e-4, Concurrent: 1}
	r, err := optimize.Minimize(problem, first, &settings, &optimize.LBFGS{})
	if r != nil && (err == nil || finite(r.F)) && len(r.X) == constant {
		m.x = r.X
	}
	return m, examples
}

func (m *pooled) at(x []float64) *pooled {
	c := *m
	c.x = x
	return &c
}

// ridge draws the constants to where they began as if ten examples had said so.
func ridge(x, first []float64, n float64, g []float64) float64 {
	sum := 0.0
	for i := range x {
		d := x[i] - first[i]
		sum += 5 * d * d / n
		if g != nil {
			g[i] += 10 * d / n
		}
	}
	return sum
}

// total is the loss over the examples, in blocks whose order is fixed; its
// gradient is added to g.
func (m *pooled) total(examples []example, g []float64, workers int) float64 {
	const block = 2000
	blocks := (len(examples) + block - 1) / block
	losses, grads := make([]float64, blocks), make([][constant]float64, blocks)
	inParallel(workers, blocks, func(b int) {
		part := examples[b*block : min(len(examples), (b+1)*block)]
		for i := range part {
			losses[b] += m.loss(&part[i], grads[b][:])
		}
	})
	sum := 0.0
	for b := range blocks {
		sum += losses[b]
		for i, d := range grads[b] {
			g[i] += d
		}
	}
	return sum
}
