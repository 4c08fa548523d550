package hazard

import (
	"math"
	"math/rand/v2"
	"slices"
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
	m := &Model{Format: Format, Version: Version, Features: d.Features, Horizon: d.Horizon}
	m.Monotone = make([]int, len(d.Features))
	for j, f := range d.Features {
		m.Monotone[j] = c.Monotone[f]
	}
	r := Report{HeldOut: p.holdOut, Rows: Rows{len(p.fit), len(p.stop), len(p.calibrate), len(p.holdOut)}}
	b := booster{m: m, d: d, p: p, c: c, rng: rng}
	r.Losses = b.run(step)
	r.Grown = len(r.Losses)
	trees := len(m.Trees)
	b.again(slices.Concat(p.fit, p.stop), trees)
	m.Isotonic = calibrated(m, d, p.calibrate)
	b.again(p.before, trees)
	return m, r, nil
}

// calibrated is the isotonic regression of rows that the trees have not seen.
func calibrated(m *Model, d Data, rows []int) Isotonic {
	scores, failed := make([]float64, len(rows)), make([]bool, len(rows))
	row := make([]float64, len(d.X))
	for k, i := range rows {
		scores[k], failed[k] = m.score(d.row(i, row)), d.Failed[i]
	}
	return calibrate(scores, failed)
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

// booster adds trees to m until the stop part says enough.
type booster struct {
	m     *Model
	d     Data
	p     parts
	c     Config
	rng   *rand.Rand
	w     *grower
	score []float64 // log-odds of each row so far
}

// begin forgets all trees.
func (b *booster) begin(rows []int) {
	n := len(b.d.Time)
	data := bin(b.d, rows, b.c.Bins)
	b.m.Trees, b.m.Base, b.p.fit = nil, logOdds(b.d, rows), rows
	b.score = slices.Repeat([]float64{b.m.Base}, n)
	b.w = &grower{c: b.c, data: &data, monotone: b.m.Monotone, g: make([]float64, n), h: make([]float64, n)}
}

// again grows as many trees as were best on these rows.
func (b *booster) again(rows []int, trees int) {
	b.p.stop = nil
	b.begin(rows)
	for range trees {
		b.add()
	}
}

// run returns the log loss on the stop part after each tree; m keeps the trees
// up to the best.
func (b *booster) run(step func(int)) []float64 {
	b.begin(b.p.fit)
	var losses []float64
	best, keep := math.Inf(1), 0
	for len(losses) < b.c.Trees && len(losses)-keep < b.c.Patience {
		loss := b.add()
		losses = append(losses, loss)
		if loss < best {
			best, keep = loss, len(losses)
		}
		if step != nil {
			step(len(losses))
		}
	}
	b.m.Trees = b.m.Trees[:keep:keep]
	return losses
}

// add grows one tree and returns the log loss on the stop part.
func (b *booster) add() float64 {
	var rows []int
	for _, i := range b.p.fit {
		q := sigmoid(b.score[i])
		b.w.g[i], b.w.h[i] = q-outcome(b.d.Failed[i]), q*(1-q)
		if b.rng.Float64() < b.c.Subsample {
			rows = append(rows, i)
		}
	}
	b.w.tree = nil
	b.w.grow(rows, b.c.Depth, limits{math.Inf(-1), math.Inf(1)})
	b.m.Trees = append(b.m.Trees, b.w.tree)
	x := make([]float64, len(b.d.X))
	for _, i := range b.p.fit {
		b.score[i] += b.w.tree.At(b.d.row(i, x))
	}
	loss := 0.
	for _, i := range b.p.stop {
		b.score[i] += b.w.tree.At(b.d.row(i, x))
		loss += softplus(b.score[i]) - outcome(b.d.Failed[i])*b.score[i]
	}
	return loss / float64(max(1, len(b.p.stop)))
}

// softplus is ln(1 + exp(x)).
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}
