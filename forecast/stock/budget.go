package stock

import (
	"container/heap"

	"presage/forecast/fleet"
)

// Candidate is a shelf that money may be spent on.
type Candidate struct {
	During fleet.Distribution // demand of the protection interval
	Price  int64              // of a piece, > 0, in the same unit as the money
	Least  int                // pieces that are bought first, whatever the money, >= 0
}

// Allocation is what money is spent on.
type Allocation struct {
	Levels []int   // pieces, by candidate
	Value  int64   // of the levels
	Short  float64 // sum of E(D - level)+ over the candidates, in pieces
}

// leastGain is the probability that a piece is asked for below which none is bought.
const leastGain = 1e-9

// Spend buys what each shelf must have, then piece by piece what lowers the expected shortage most for its price, until
// nothing that is left can be paid. Each step, also those beyond the money, is told to step
// with the value and the shortage after it; the value is that of all steps so far.
//
// The shortage of a shelf falls with each piece by P(D > level), which falls itself: it is convex
// in the level, and the sum over shelves is separable. So the steps are optimal: no levels of the
// same value or less have a smaller shortage (Fox 1966, Management Science 13:210-216; the system
// approach of Sherbrooke 2004, Optimal Inventory Modeling of Systems, 2nd ed., chapter 2). Between
// two steps, where pieces cannot be cut, the best may be better by less than the next step's gain.
func Spend(candidates []Candidate, money int64, step func(value int64, short float64)) Allocation {
	a := Allocation{Levels: make([]int, len(candidates))}
	var h gains
	for i, c := range candidates {
		short, probability := Short(c.During, c.Least)
		g := gain{at: i, level: c.Least, price: c.Price, probability: probability}
		a.Levels[i], a.Value, a.Short = c.Least, a.Value+c.Price*int64(c.Least), a.Short+short
		if g.probability > leastGain {
			h = append(h, g)
		}
	}
	heap.Init(&h)
	closed := make([]bool, len(candidates)) // cannot be paid: nor can any later piece of it
	value, short := a.Value, a.Short
	for len(h) > 0 {
		g := &h[0]
		value, short = value+g.price, short-g.probability
		step(value, max(short, 0))
		if !closed[g.at] && a.Value+g.price <= money {
			a.Value, a.Short = a.Value+g.price, a.Short-g.probability
			a.Levels[g.at]++
		} else {
			closed[g.at] = true
		}
		g.level++
		g.probability -= candidates[g.at].During.At(g.level)
		if g.probability > leastGain {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
	a.Short = max(a.Short, 0)
	return a
}

// gain is what the next piece on a shelf does.
type gain struct {
	at, level   int
	price       int64
	probability float64 // P(D > level)
}

// gains are a heap with the most for its price first.
type gains []gain

func (g gains) Len() int { return len(g) }

func (g gains) Less(i, j int) bool {
	a, b := g[i].probability*float64(g[j].price), g[j].probability*float64(g[i].price)
	if a != b {
		return a > b
	}
	return g[i].at < g[j].at
}

func (g gains) Swap(i, j int) { g[i], g[j] = g[j], g[i] }

// Push implements heap.Interface.
func (g *gains) Push(x any) { *g = append(*g, x.(gain)) } //nolint:forcetypeassert // heap's own

// Pop implements heap.Interface.
func (g *gains) Pop() any {
	last := (*g)[len(*g)-1]
	*g = (*g)[:len(*g)-1]
	return last
}
