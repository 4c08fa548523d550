package stock

import (
	"math"

	"presage/forecast/fleet"
)

// Bounds keep the levels of a shelf within what planners want; 0 bounds nothing.
type Bounds struct {
	Min           int // least reorder point, pieces
	Max           int // most pieces to order up to, before whole lots
	ShelfLifeDays int // no more is kept than the mean demand of so many days, rounded up
}

// Within puts levels between the bounds. Max and ShelfLifeDays never take the reorder point below
// the policy's Floor, nor ShelfLifeDays below Min. Over is asked for ShelfLifeDays alone.
func (p Policy) Within(l Levels, b Bounds, during fleet.Distribution, over Over) (Levels, error) {
	if up := b.Min - l.ReorderPoint; up > 0 {
		l.ReorderPoint, l.OrderUpTo = b.Min, l.OrderUpTo+up
	}
	most := math.MaxInt
	if b.Max > 0 {
		most = b.Max
	}
	if b.ShelfLifeDays > 0 {
		lives, err := at(over, b.ShelfLifeDays)
		if err != nil {
			return l, err
		}
		most = min(most, max(int(math.Ceil(lives.Mean()-rounding)), b.Min))
	}
	most = max(most, p.least(during))
	l.ReorderPoint, l.OrderUpTo = min(l.ReorderPoint, most), min(l.OrderUpTo, most)
	return l, nil
}
