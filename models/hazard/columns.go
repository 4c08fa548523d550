package hazard

import "math"

// Columns are features in bins, on which trees for any loss can be grown: the
// learner of failures has its own, and the forecasts of demand grow theirs
// with the same search for splits.
type Columns struct {
	data     binned
	monotone []int
}

// NewColumns bins a column a feature, all of one length; NaN is missing. bins is 2 to 254.
func NewColumns(x [][]float64, bins int) *Columns {
	rows := 0
	if len(x) > 0 {
		rows = len(x[0])
	}
	all := make([]int, rows)
	for i := range all {
		all[i] = i
	}
	return &Columns{bin(Data{X: x}, all, bins), make([]int, len(x))}
}

// Grow is the tree that lowers a loss most on the rows, given its gradient and
// curvature by row: one Newton step, times c.Rate. c tells the depth, the least
// rows of a leaf and the ridge.
func (x *Columns) Grow(rows []int, gradient, curvature []float64, c Config) Tree {
	w := grower{c: c, data: &x.data, monotone: x.monotone, g: gradient, h: curvature}
	w.grow(rows, c.Depth, limits{math.Inf(-1), math.Inf(1)})
	return w.tree
}
