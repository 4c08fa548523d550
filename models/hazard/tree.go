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

// at is the tree's value for features x.
func (t Tree) at(x []float64) float64 {
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

// grower grows one tree on gradients and curvatures of the log loss.
type grower struct {
	c        Config
	data     *binned
	monotone []int
	g, h     []float64 // a row
	tree     Tree
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
	best := split{feature: -1, gain: 1e-9}
	for j := range w.data.codes {
		w.search(j, rows, all, l, &best, w.loss(all, value))
	}
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

// search tries every split of one feature, with the missing on either side.
func (w *grower) search(feature int, rows []int, all sums, l limits, best *split, now float64) {
	edges := w.data.edges[feature]
	if len(edges) == 0 {
		return
	}
	var bins [missing + 1]sums
	codes := w.data.codes[feature]
	for _, i := range rows {
		b := &bins[codes[i]]
		b.g += w.g[i]
		b.h += w.h[i]
		b.n++
	}
	absent := bins[missing]
	var left sums
	for b := range edges {
		left = left.plus(bins[b])
		w.try(split{feature: feature, bin: b}, left, all, l, best, now)
		if absent.n > 0 {
			w.try(split{feature: feature, bin: b, missingLeft: true}, left.plus(absent), all, l, best, now)
		}
	}
}

func (w *grower) try(s split, left, all sums, l limits, best *split, now float64) { //nolint:revive // an inner loop
	right := all.minus(left)
	if left.n < w.c.LeafRows || right.n < w.c.LeafRows {
		return
	}
	s.left, s.right = w.value(left, l), w.value(right, l)
	if float64(w.monotone[s.feature])*(s.right-s.left) < 0 {
		return
	}
	if s.gain = now - w.loss(left, s.left) - w.loss(right, s.right); s.gain > best.gain {
		*best = s
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
