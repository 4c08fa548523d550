package stock

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"presage"
	"presage/forecast/fleet"
)

// The kinds of policy, as they are configured and reported.
const (
	ServiceLevel = "service_level" // probability of no stock-out in a cycle, P1
	FillRate     = "fill_rate"     // share of the pieces served from the shelf, P2
	Newsvendor   = "newsvendor"    // least cost of shortage and holding
)

// Policy is what a stock is held for. A fill rate is a promise to every piece
// asked for, however rarely: under it even the slowest part lies on the shelf,
// where a service level keeps none of it.
type Policy struct {
	Kind       string
	Target     float64 // of ServiceLevel and FillRate, in (0, 1)
	Shortage   float64 // of Newsvendor: cost of a piece short for a day, > 0
	Holding    float64 // of Newsvendor: cost of a piece held for a day, > 0, in the same money
	Floor      float64 // least probability of no stock-out in a cycle under any kind, [0, 1); 0 for none
	ReviewDays int     // days between two plans, 0-365; 0 is a review at every demand
	CoverDays  int     // days that an order is to last, 0-365
	ExcessDays int     // what is above the demand of so many days is excess, 0-3650; 0 looks for none
}

// DefaultPolicy is a service level of 95 %, reviewed daily, with orders for
// two weeks; what a year will not take is excess.
func DefaultPolicy() Policy {
	return Policy{Kind: ServiceLevel, Target: 0.95, ReviewDays: 1, CoverDays: 14, ExcessDays: 365}
}

// Validate checks every field; the error is an ErrInvalid naming all that are
// out of range.
func (p Policy) Validate() error {
	var faults []error
	fault := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	switch p.Kind {
	case ServiceLevel, FillRate:
		fault(p.Target > 0 && p.Target < 1, "Target %v: want a probability in (0, 1)", p.Target)
	case Newsvendor:
		fault(p.Shortage > 0 && !math.IsInf(p.Shortage, 1), "Shortage %v: want a cost > 0", p.Shortage)
		fault(p.Holding > 0 && !math.IsInf(p.Holding, 1), "Holding %v: want a cost > 0", p.Holding)
	default:
		fault(false, "Kind %q: want %s, %s or %s", p.Kind, ServiceLevel, FillRate, Newsvendor)
	}
	fault(p.ReviewDays >= 0 && p.ReviewDays <= 365, "ReviewDays %d: want 0 to 365", p.ReviewDays)
	fault(p.CoverDays >= 0 && p.CoverDays <= 365, "CoverDays %d: want 0 to 365", p.CoverDays)
	fault(p.ExcessDays >= 0 && p.ExcessDays <= 3650, "ExcessDays %d: want 0 to 3650", p.ExcessDays)
	if err := errors.Join(append(faults, p.checkFloor())...); err != nil {
		return fmt.Errorf("%w stock policy: %w", presage.ErrInvalid, err)
	}
	return nil
}

// checkFloor is what is wrong with the Floor.
func (p Policy) checkFloor() error {
	if !(p.Floor >= 0 && p.Floor < 1) {
		return fmt.Errorf("floor %v: want a probability in [0, 1)", p.Floor)
	}
	return nil
}

// Ratio is the probability or share that the policy aims at: Target, and for
// Newsvendor the critical ratio Shortage / (Shortage + Holding).
func (p Policy) Ratio() float64 {
	if p.Kind == Newsvendor {
		return p.Shortage / (p.Shortage + p.Holding)
	}
	return p.Target
}

// rounded is Ratio less what sums may miss it by addition alone.
func (p Policy) rounded() float64 { return p.Ratio() - rounding }

// Levels are those of a valid policy for the demand of the protection interval
// and orders of quantity pieces (below 1 counts as 1). A distribution of no demand at
// all asks for nothing.
func (p Policy) Levels(during fleet.Distribution, quantity int) Levels {
	q, s := max(quantity, 1), 0
	switch {
	case during.First == 0 && during.At(0) >= 1-rounding: // nobody will ask
	case p.Kind == ServiceLevel:
		s = during.Quantile(p.Target)
	case p.Kind == FillRate:
		s = smallest(during, q, -1, p.rounded())
	default:
		s = smallest(during, q, 0, p.rounded())
	}
	s = max(s, p.least(during))
	return Levels{ReorderPoint: s, OrderUpTo: s + q - 1}
}

// least is the reorder point that the Floor asks for.
func (p Policy) least(during fleet.Distribution) int {
	if p.Floor == 0 || during.First == 0 && during.At(0) >= 1-rounding {
		return 0
	}
	return during.Quantile(p.Floor)
}

// smallest is the least s >= 0 for which the mean of P(D <= y+shift) over
// y = s ... s+q-1 is at least target.
func smallest(d fleet.Distribution, q, shift int, target float64) int {
	tail, head := running{d: d}, running{d: d} // P(D <= s+shift) and P(D <= s+q+shift)
	sum := 0.0
	for y := range q {
		sum += head.at(y + shift)
	}
	last := d.First + len(d.Mass) + 1
	for s := range last {
		if sum >= target*float64(q) {
			return s
		}
		sum += head.at(s+q+shift) - tail.at(s+shift)
	}
	return last
}

// running is P(D <= k) for k that rise by one.
type running struct {
	d   fleet.Distribution
	sum float64
}

func (r *running) at(k int) float64 {
	i := k - r.d.First
	if i >= len(r.d.Mass) {
		return 1 // the tail cut off weighs nothing here
	}
	if i >= 0 {
		r.sum += r.d.Mass[i]
	}
	return r.sum
}

// Fill is the share of the demand that is served from the shelf in the long
// run under the levels, in [0, 1]: 1 - [E(D-s+1)+ - E(D-S)+] / (S-s+1), where
// D is the demand of the protection interval. 1 where nobody asks.
func Fill(during fleet.Distribution, l Levels) float64 {
	if during.First == 0 && during.At(0) >= 1-rounding {
		return 1
	}
	sum, n := 0.0, l.OrderUpTo-l.ReorderPoint+1
	for i, m := range during.Mass {
		// How many of the positions s ... S are above the demand.
		sum += m * float64(min(max(l.OrderUpTo-(during.First+i), 0), n))
	}
	return min(sum/float64(n), 1)
}

// Short is E(D - position)+, the pieces asked for in vain, and P(D > position).
func Short(during fleet.Distribution, position int) (pieces, probability float64) {
	for i, m := range slices.Backward(during.Mass) {
		over := during.First + i - position
		if over <= 0 {
			break
		}
		pieces += m * float64(over)
		probability += m
	}
	return pieces, min(probability+during.Tail, 1)
}
