package stock

import (
	"fmt"

	"presage"
)

// Demand is a distribution of pieces.
type Demand interface {
	// Quantile is the smallest k with P(demand <= k) >= q, for q in (0, 1).
	Quantile(q float64) int
}

// Levels are the two levels of an (s, S) policy, in pieces of position.
type Levels struct {
	ReorderPoint int // s: order when the position is below it
	OrderUpTo    int // S: the least position after an order, >= ReorderPoint
}

// LevelsFor is the policy that meets the service level, in (0, 1): the
// probability of no stock-out until an order placed today has arrived.
// overLead is the demand of lead time and review, overCover that of lead
// time, review and the time an order is to last. Booked visits are in
// neither. A level out of range is an ErrInvalid.
func LevelsFor(serviceLevel float64, overLead, overCover Demand) (Levels, error) {
	if !(serviceLevel > 0 && serviceLevel < 1) {
		return Levels{}, fmt.Errorf("%w service level %v: want a probability in (0, 1)", presage.ErrInvalid, serviceLevel)
	}
	s := overLead.Quantile(serviceLevel)
	return Levels{ReorderPoint: s, OrderUpTo: max(s, overCover.Quantile(serviceLevel))}, nil
}

// Position is what is on the shelf or on its way and not promised to a booked
// visit, in pieces. It is negative when more is promised than there is.
func Position(s presage.Stock) int { return s.OnHand + s.OnOrder - s.Reserved }

// Order is how many pieces to order at the given position, rounded up to
// whole packs; 0 for none. A pack size below 1 counts as 1.
func (l Levels) Order(position, packSize int) int {
	if position >= l.ReorderPoint {
		return 0
	}
	pack := max(packSize, 1)
	packs := (l.OrderUpTo - position + pack - 1) / pack
	return packs * pack
}
