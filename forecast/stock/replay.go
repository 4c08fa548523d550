package stock

import (
	"fmt"
	"math"

	"presage"
)

// Run is one part's history to live through under an (s, S) policy. All
// slices have a cell a period.
type Run struct {
	Price  float64  // of a piece, > 0, any currency
	Start  int      // pieces on hand at the beginning, >= 0
	Demand []int    // pieces >= 0
	Levels []Levels // in force at the beginning of the period
	Leads  []int    // periods until an order placed in the period arrives, >= 0; 0 is before the period's demand
	Lot    Lot
}

// Outcome is what a policy came to over a replay.
type Outcome struct {
	Performance

	Orders  int     // placed
	Waiting float64 // pieces that waited, times the periods that they did
	Turns   float64 // value of the pieces served over all periods / Performance.Value; 0 without stock
}

// Replay lives through the runs: at the beginning of every period the position
// (on hand + on order) is reviewed and the order of the policy, in whole lots,
// placed; what is due arrives, orders may overtake; then comes the demand, and
// what cannot be served waits for the next arrivals. A run is measured as in
// Simulate. ErrInvalid: no period, unequal lengths, a value out of range.
func Replay(runs []Run) (Outcome, error) {
	var t tally
	var out Outcome
	moved := 0.0
	for i, r := range runs {
		if err := r.check(); err != nil {
			return Outcome{}, fmt.Errorf("inventory replay: run %d: %w", i+1, err)
		}
		onHand, onOrder, taken := r.Start, 0, 0
		due := make([]int, len(r.Demand)) // pieces arriving in each period; later ones never matter
		for k, demand := range r.Demand {
			if q := r.Levels[k].Order(onHand+onOrder, r.Lot); q > 0 {
				out.Orders++
				onOrder += q
				if at := k + r.Leads[k]; at < len(due) {
					due[at] += q
				}
			}
			waited := max(0, -onHand)
			onHand, onOrder = onHand+due[k], onOrder-due[k]
			t.period(float64(onHand), float64(demand), r.Price)
			onHand -= demand
			taken += demand + waited - max(0, -onHand)
			out.Waiting += float64(max(0, -onHand))
		}
		t.item(len(r.Demand))
		moved += float64(taken) * r.Price
	}
	p, err := t.sum()
	if err != nil {
		return Outcome{}, err
	}
	out.Performance = p
	if p.Value > 0 {
		out.Turns = moved / p.Value
	}
	return out, nil
}

func (r Run) check() error {
	n := len(r.Demand)
	if !(r.Price > 0) || math.IsInf(r.Price, 1) || r.Start < 0 || n == 0 || len(r.Levels) != n || len(r.Leads) != n {
		return fmt.Errorf("%w: price %g, start %d, %d levels and %d lead times for %d periods", presage.ErrInvalid,
			r.Price, r.Start, len(r.Levels), len(r.Leads), n)
	}
	for t := range n {
		if l := r.Levels[t]; r.Demand[t] < 0 || r.Leads[t] < 0 || l.OrderUpTo < l.ReorderPoint {
			return fmt.Errorf("%w: demand %d, lead time %d, levels %+v in period %d", presage.ErrInvalid,
				r.Demand[t], r.Leads[t], l, t+1)
		}
	}
	return nil
}
