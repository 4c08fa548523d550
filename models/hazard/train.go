package hazard

import (
	"math"
	"math/rand/v2"
)

// Report is how the learning went.
type Report struct {
	Grown   int       // trees grown, of which the model keeps the best
	Losses  []float64 // log loss on the stop part after each tree
	HeldOut []int     // rows of the held-out part, unseen by the model
	Rows    Rows
}

// Rows counts the rows of each part.
type Rows struct{ Fit, Stop, Calibrate, HoldOut int }

// Train learns. rng draws each tree's rows; step, if not nil, is told after each
// tree. Errors are ErrInvalid.
func Train(d Data, c Config, rng *rand.Rand, step func(trees int)) (*Model, Report, error) {
	if err := d.Check(); err != nil {
		return nil, Report{}, err
	}
	if err := c.Validate(d.Features); err != nil {
		return nil, Report{}, err
	}
	p, err := d.split(c)
	if err != nil {
		return nil, Report{}, err
	}
	m := &Model{Format: Format, Version: Version, Features: d.Features, Horizon: d.Horizon, Monotone: make([]int, len(d.Features))}
	for j, f := range d.Features {
		m.Monotone[j] = c.Monotone[f]
	}
	m.Base = logOdds(d, p.fit)
	r := Report{HeldOut: p.holdOut, Rows: Rows{len(p.fit), len(p.stop), len(p.calibrate), len(p.holdOut)}}
	r.Losses = boost(m, d, p, c, rng, step)
	r.Grown = len(r.Losses)
	scores, failed := make([]float64, len(p.calibrate)), make([]bool, len(p.calibrate))
	row := make([]float64, len(d.X))
	for k, i := range p.calibrate {
		scores[k], failed[k] = m.score(d.row(i, row)), d.Failed[i]
	}
	m.Isotonic = calibrate(scores, failed)
	return m, r, nil
}

// logOdds of the share that failed.
func logOdds(d Data, rows []int) float64 {
	events := 0.
	for _, i := range rows {
		events += outcome(d.Failed[i])
	}
	return math.Log(events / (float64(len(rows)) - events))
}

// row copies one row's features into x.
func (d Data) row(i int, x []float64) []float64 {
	for j := range d.X {
		x[j] = d.X[j][i]
	}
	return x
}

// boost adds trees to m until the stop part says enough, and keeps the best.
func boost(m *Model, d Data, p parts, c Config, rng *rand.Rand, step func(int)) []float64 { //nolint:revive // one algorithm
	data := bin(d, p.fit, c.Bins)
	score := make([]float64, len(d.Time))
	for i := range score {
		score[i] = m.Base
	}
	w := &grower{c: c, data: &data, monotone: m.Monotone, g: make([]float64, len(score)), h: make([]float64, len(score))}
	var losses []float64
	best, keep := math.Inf(1), 0
	x := make([]float64, len(d.X))
	for len(losses) < c.Trees && len(losses)-keep < c.Patience {
		var rows []int
		for _, i := range p.fit {
			q := sigmoid(score[i])
			w.g[i], w.h[i] = q-outcome(d.Failed[i]), q*(1-q)
			if rng.Float64() < c.Subsample {
				rows = append(rows, i)
			}
		}
		w.tree = nil
		w.grow(rows, c.Depth, limits{math.Inf(-1), math.Inf(1)})
		m.Trees = append(m.Trees, w.tree)
		for _, i := range p.fit {
			score[i] += w.tree.at(d.row(i, x))
		}
		loss := 0.
		for _, i := range p.stop {
			score[i] += w.tree.at(d.row(i, x))
			loss += softplus(score[i]) - outcome(d.Failed[i])*score[i]
		}
		losses = append(losses, loss/float64(len(p.stop)))
		if loss < best {
			best, keep = loss, len(losses)
		}
		if step != nil {
			step(len(losses))
		}
	}
	m.Trees = m.Trees[:keep:keep]
	return losses
}

// softplus is ln(1 + exp(x)).
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}
