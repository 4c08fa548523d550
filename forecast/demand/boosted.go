package demand

import (
	"math"
	"math/rand/v2"

	"presage/models/hazard"
)

// boosted is a count law by gradient-boosted trees for the whole assortment,
// on the values since the first demand: the trees raise or lower the mean of
// the pooled distribution by what they see in windows of the history, in its
// age and in its silence (negative binomial loss: Friedman 2001 with the
// second-order steps of package hazard). What followed past origins of a like
// mean and spread is the distribution, as in analogue.
type boosted struct {
	*pooled
	trees []hazard.Tree
	rows  cellRows
}

// How the trees are grown. On carparts from origins 15 to 24 the quantile loss
// is the same to 0.5 % with 20 to 150 of them.
const (
	rounds    = 60
	treeRows  = 100 // of a leaf, at the least
	treeDepth = 3
	treeRate  = 0.08
	treeShare = 0.7 // of the examples that a tree sees
	treeRidge = 10
	treeBins  = 32
)

// windows are the newest periods that the features look at.
func windows() [3]int { return [3]int{3, 6, 12} }

// atMean, atLead and atYear are the features that differ with the lead.
const (
	atMean = iota
	atLead
	atYear
	leads // how many they are
)

// features are what the trees see of the values since the first demand: those
// of a lead, still to be set, and those of the windows.
func features(past []float64, v *view) []float64 {
	ys := observed(past)
	x := make([]float64, leads, leads+15)
	silence, hits, sum := 0.0, 0.0, 0.0
	for _, y := range ys {
		silence++
		if y > 0 {
			hits, sum, silence = hits+1, sum+y, 0
		}
	}
	x = append(x, float64(len(ys)), silence, math.Log(v.dispersion), hits/float64(len(ys)+1), math.Log1p(sum/max(1, hits)))
	for _, n := range windows() {
		last, asked, total := ys[max(0, len(ys)-n):], 0.0, 0.0
		for _, y := range last {
			total += y
			if y > 0 {
				asked++
			}
		}
		n := float64(max(1, len(last)))
		x = append(x, asked/n, math.Log1p(total/n))
	}
	return append(x, v.level[levels], v.sign[0], v.sign[1])
}

// setLead sets the features of h periods ahead, of which the pooled mean is given.
func (t Task) setLead(x, past []float64, mean float64, h int) {
	x[atMean], x[atLead], x[atYear] = math.Log(mean), float64(h), t.lastYear(past, h)
}

// lastYear is the demand of the same period a year before, by its logarithm.
func (t Task) lastYear(past []float64, h int) float64 {
	if t.Season < 2 {
		return math.NaN()
	}
	back := (h + t.Season - 1) / t.Season * t.Season // whole years back to what is known
	if at := len(past) + h - 1 - back; at >= 0 {
		return math.Log1p(past[at])
	}
	return math.NaN()
}

func newBoosted(m *pooled, examples []example) *boosted {
	b := &boosted{pooled: m}
	if len(examples) < 2*treeRows {
		return b
	}
	x, means, shapes := make([][]float64, len(examples)), make([]float64, len(examples)), make([]float64, len(examples))
	for i := range examples {
		e := &examples[i]
		means[i], shapes[i] = m.parameters(e)
		x[i] = features(e.past, &e.view)
		m.setLead(x[i], e.past, means[i]/e.n, e.ahead)
	}
	b.grow(x, examples, means, shapes)
	b.rows = newCellRows(examples, means)
	return b
}

// grow adds trees that move the means of the examples, whose features are the rows of x.
func (b *boosted) grow(x [][]float64, examples []example, means, shapes []float64) {
	c := hazard.Config{Depth: treeDepth, Rate: treeRate, LeafRows: treeRows, Ridge: treeRidge}
	data := hazard.NewColumns(transposed(x), treeBins)
	gradient, curvature := make([]float64, len(examples)), make([]float64, len(examples))
	rng := rand.New(rand.NewPCG(b.Seed, 5)) //nolint:gosec // to be repeatable
	for range rounds {
		var rows []int
		for i := range examples {
			e, r := &examples[i], shapes[i]/(shapes[i]+means[i])
			gradient[i], curvature[i] = e.weight*(means[i]-e.y)*r, e.weight*means[i]*r
			if rng.Float64() < treeShare {
				rows = append(rows, i)
			}
		}
		tree := data.Grow(rows, gradient, curvature, c)
		b.trees = append(b.trees, tree)
		for i := range examples {
			means[i] *= math.Exp(tree.At(x[i]))
		}
	}
}

func transposed(rows [][]float64) [][]float64 {
	columns := make([][]float64, len(rows[0]))
	for j := range columns {
		columns[j] = make([]float64, len(rows))
		for i, row := range rows {
			columns[j][i] = row[j]
		}
	}
	return columns
}

func (b *boosted) forecast(values []float64, w *work) outcome {
	if len(b.trees) == 0 || len(b.rows) == 0 {
		return b.pooled.forecast(values, w)
	}
	o := outcome{mean: make([]float64, w.Horizon), cdf: make([][]float64, w.Horizon)}
	v := stateOf(values).view(b.all)
	x := features(values, &v)
	for h := range w.Horizon {
		e := b.ahead(v, b.season, len(values), h+1)
		mean, _ := b.parameters(&e)
		b.setLead(x, values, mean/e.n, h+1)
		raise := 0.0
		for _, tree := range b.trees {
			raise += tree.At(x)
		}
		o.cdf[h] = make([]float64, len(w.support))
		o.mean[h] = b.rows.mix(mean*math.Exp(raise), e.dispersion, w.support, o.cdf[h])
	}
	return o
}
