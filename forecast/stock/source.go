package stock

import "math"

// Year is what a year costs, in minor units, when a shelf is filled by its supplier: the demand at
// its price, and at a share of the price for a year what the reorder point keeps beyond the mean
// demand of the protection interval.
func (p Policy) Year(a Advice, s Shelf, holding float64) float64 {
	perDay := a.During.Mean() / max(p.protects(s), 1)
	safety := max(float64(a.Levels.ReorderPoint)-a.During.Mean(), 0)
	return float64(s.Cost.Minor) * (365*perDay + holding*safety)
}

// Today is the probability that a piece is asked for in vain before an order of today is here,
// dispatched after wait days, and how many are in the mean. An error is that of a distribution.
func (p Policy) Today(s Shelf, wait int) (risk, missing float64, err error) {
	p.ReviewDays, s.WaitDays = 0, wait
	during, err := During(s.Over, s.Lead, wait)
	if err != nil {
		return 0, 0, err
	}
	return p.risk(during, s)
}

// Lack is what a piece asked for in vain costs, in minor units, if the policy's service is the best
// one: the newsvendor's balance of holding a piece of that price, at a share of it for a year, over
// so many days against lacking it.
func (p Policy) Lack(price int64, holding, days float64) float64 {
	ratio := min(max(p.Ratio(), p.Floor), 1-1e-6)
	return float64(price) * holding * days / 365 * ratio / (1 - ratio)
}

// Need is how many pieces the levels want at a position, before whole lots.
func (l Levels) Need(position int) int { return max(l.OrderUpTo-position, 0) }

// Minor rounds an amount to whole minor units.
func Minor(x float64) int64 { return int64(math.Round(min(x, 1e15))) }
