package hazard

import "math"

// Node is a split, or a leaf if Feature is -1.
type Node struct {
	Feature     int     `json:"f"`           // index; -1: a leaf
	Threshold   float64 `json:"t,omitempty"` // x <= Threshold goes left
	MissingLeft bool    `json:"m,omitempty"`
	Left        int     `json:"l,omitempty"` // indices of nodes, beyond this one
	Right       int     `json:"r,omitempty"`
	Value       float64 `json:"v,omitempty"` // of a leaf, in log-odds
}

// Tree is nodes, the root first.
type Tree []Node

// At is the tree's value for features x; NaN is missing.
func (t Tree) At(x []float64) float64 {
	n := &t[0]
	for n.Feature >= 0 {
		v := x[n.Feature]
		if v <= n.Threshold || n.MissingLeft && math.IsNaN(v) {
			n = &t[n.Left]
		} else {
			n = &t[n.Right]
		}
	}
	return n.Value
}

// grower grows one tree on gradients and curvatures of a loss.
type grower struct {
	c        Config
	data     *binned
	monotone []int
	g, h     []float64 // a row
	tree     Tree
}

// search is the hunt for the best split of one node.
type search struct {
	*grower
	rows   []int
	all    sums
	limits limits
	now    float64 // loss without a split
	best   split
}

// limits are what a node's value may be, by the constrained splits above it.
type limits struct{ low, high float64 }

// sums of a set of rows.
type sums struct {
	g, h float64
	n    int
}

func (s sums) plus(o sums) sums  { return sums{s.g + o.g, s.h + o.h, s.n + o.n} }
func (s sums) minus(o sums) sums { return sums{s.g - o.g, s.h - o.h, s.n - o.n} }

// value is the best value of a leaf within limits: one Newton step.
func (w *grower) value(s sums, l limits) float64 {
	return min(max(-s.g/(s.h+w.c.Ridge), l.low), l.high)
}

// loss is the change of the loss if all rows take the value (second order).
func (w *grower) loss(s sums, value float64) float64 {
	return s.g*value + (s.h+w.c.Ridge)*value*value/2
}

// split is a candidate.
type split struct {
	feature, bin int // bins up to bin go left
	missingLeft  bool
	left, right  float64 // values
	gain         float64
}

func (w *grower) grow(rows []int, depth int, l limits) int {
	var all sums
	for _, i := range rows {
		all = all.plus(sums{w.g[i], w.h[i], 1})
	}
	at := len(w.tree)
	value := w.value(all, l)
	w.tree = append(w.tree, Node{Feature: -1, Value: w.c.Rate * value})
	if depth == 0 || len(rows) < 2*w.c.LeafRows {
		return at
	}
	hunt := search{w, rows, all, l, w.loss(all, value), split{feature: -1, gain: 1e-9}}
	for j := range w.data.codes {
		hunt.feature(j)
	}
	best := hunt.best
	if best.feature < 0 {
		return at
	}
	left, right := w.divide(rows, best)
	below, above := l, l
	if sign := w.monotone[best.feature]; sign != 0 {
		middle := (best.left + best.right) / 2
		if sign > 0 {
			below.high, above.low = middle, middle
		} else {
			below.low, above.high = middle, middle
		}
	}
	n := Node{Feature: best.feature, Threshold: w.data.edges[best.feature][best.bin], MissingLeft: best.missingLeft}
	n.Left = w.grow(left, depth-1, below)
	n.Right = w.grow(right, depth-1, above)
	w.tree[at] = n
	return at
}

// feature tries every split of one feature, with the missing on either side.
func (s *search) feature(j int) {
	edges := s.data.edges[j]
	if len(edges) == 0 {
		return
	}
	var bins [missing + 1]sums
	codes := s.data.codes[j]
	for _, i := range s.rows {
		b := &bins[codes[i]]
		b.g += s.g[i]
		b.h += s.h[i]
		b.n++
	}
	absent := bins[missing]
	var left sums
	for b := range edges {
		left = left.plus(bins[b])
		s.try(split{feature: j, bin: b}, left)
		if absent.n > 0 {
			s.try(split{feature: j, bin: b, missingLeft: true}, left.plus(absent))
		}
	}
}

func (s *search) try(c split, left sums) {
	right := s.all.minus(left)
	if left.n < s.c.LeafRows || right.n < s.c.LeafRows {
		return
	}
	c.left, c.right = s.value(left, s.limits), s.value(right, s.limits)
	if float64(s.monotone[c.feature])*(c.right-c.left) < 0 {
		return
	}
	if c.gain = s.now - s.loss(left, c.left) - s.loss(right, c.right); c.gain > s.best.gain {
		s.best = c
	}
}

// divide keeps the order of rows on both sides.
func (w *grower) divide(rows []int, s split) (left, right []int) {
	codes := w.data.codes[s.feature]
	for _, i := range rows {
		c := codes[i]
		if c == missing && s.missingLeft || c != missing && int(c) <= s.bin {
			left = append(left, i)
		} else {
			right = append(right, i)
		}
	}
	return left, right
}
