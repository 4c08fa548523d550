package demand

import (
	"cmp"
	"math"
	"slices"
)

// analogue forecasts what came after like states of any series: the pooled
// parameters gives each past origin its mean; origins of like mean and like spread
// are a cell, and what followed them is the cell's distribution. Between two cells it
// is their mixture. No family of distributions is assumed. Large demands count in
// multiples of the mean.
type analogue struct {
	*pooled
	rows cellRows
}

// cellRow are the cells of one range of means, by spread.
type cellRow struct {
	mean   float64 // geometric, of the pooled means
	scaled bool    // outcomes are over their means
	bounds []float64
	cells  [][]float64 // sorted outcomes
	shares [][]float64 // of the weight, summed up
	means  []float64
}

const (
	cellSize    = 250 // examples a cell, at the least
	spreadCells = 3
	scaledFrom  = 8 // mean from which outcomes are multiples of it
)

type placed struct{ mean, dispersion, y, weight float64 }

func newAnalogue(m *pooled, examples []example) *analogue {
	a := &analogue{pooled: m}
	means := make([]float64, len(examples))
	for i := range examples {
		means[i], _ = m.parameters(&examples[i])
	}
	a.rows = newCellRows(examples, means)
	return a
}

func newCellRow(part []placed) cellRow {
	var c cellRow
	for _, p := range part {
		c.mean += math.Log(p.mean) / float64(len(part))
	}
	c.mean = math.Exp(c.mean)
	c.scaled = c.mean >= scaledFrom
	part = slices.Clone(part)
	slices.SortStableFunc(part, func(p, q placed) int { return cmp.Compare(p.dispersion, q.dispersion) })
	for k := range spreadCells {
		some := part[k*len(part)/spreadCells : (k+1)*len(part)/spreadCells]
		bound := some[len(some)-1].dispersion
		for i, p := range some {
			if c.scaled {
				some[i].y /= p.mean
			}
		}
		slices.SortStableFunc(some, func(p, q placed) int { return cmp.Compare(p.y, q.y) })
		ys, shares, sum, mean := make([]float64, len(some)), make([]float64, len(some)), 0.0, 0.0
		for i, p := range some {
			sum += p.weight
			mean += p.y * p.weight
			ys[i], shares[i] = p.y, sum
		}
		for i := range shares {
			shares[i] /= sum
		}
		c.cells, c.shares, c.means = append(c.cells, ys), append(c.shares, shares), append(c.means, mean/sum)
		c.bounds = append(c.bounds, bound)
	}
	return c
}

// add mixes the row's distribution for a state of the mean and spread into cdf and
// returns its part of the mean.
func (c *cellRow) add(weight, mean, dispersion float64, support, cdf []float64) float64 {
	if weight == 0 {
		return 0
	}
	i := 0
	for i < spreadCells-1 && dispersion > c.bounds[i] {
		i++
	}
	unit := 1.0
	if c.scaled {
		unit = mean
	}
	ys, k := c.cells[i], 0
	for j, x := range support {
		for k < len(ys) && ys[k]*unit < x+0.5 { // to the nearest whole piece
			k++
		}
		if k > 0 {
			cdf[j] += weight * c.shares[i][k-1]
		}
	}
	return weight * unit * c.means[i]
}

func (a *analogue) forecast(values []float64, w *work) outcome {
	if len(a.rows) == 0 {
		return a.pooled.forecast(values, w)
	}
	o := outcome{mean: make([]float64, w.Horizon), cdf: make([][]float64, w.Horizon)}
	v := stateOf(values).view(a.all)
	for h := range w.Horizon {
		e := a.ahead(v, a.season, len(values), h+1)
		mean, _ := a.parameters(&e)
		o.cdf[h] = make([]float64, len(w.support))
		o.mean[h] = a.rows.mix(mean, e.dispersion, w.support, o.cdf[h])
	}
	return o
}

// cellRows are cells of outcomes by growing mean.
type cellRows []cellRow

func newCellRows(examples []example, means []float64) cellRows {
	all := make([]placed, len(examples))
	for i, e := range examples {
		all[i] = placed{means[i], e.dispersion, e.y, e.weight}
	}
	slices.SortStableFunc(all, func(p, q placed) int { return cmp.Compare(p.mean, q.mean) })
	rows := len(all) / (cellSize * spreadCells)
	var out cellRows
	for k := range rows {
		out = append(out, newCellRow(all[k*len(all)/rows:(k+1)*len(all)/rows]))
	}
	return out
}

// mix writes the mixture of the two rows about a mean to cdf and returns its mean.
func (c cellRows) mix(mean, dispersion float64, support, cdf []float64) float64 {
	high, _ := slices.BinarySearchFunc(c, mean, func(c cellRow, m float64) int { return cmp.Compare(c.mean, m) })
	low := max(0, high-1)
	high = min(high, len(c)-1)
	share := 0.0 // of the higher row
	if low < high {
		share = math.Log(mean/c[low].mean) / math.Log(c[high].mean/c[low].mean)
	}
	return c[low].add(1-share, mean, dispersion, support, cdf) + c[high].add(share, mean, dispersion, support, cdf)
}
