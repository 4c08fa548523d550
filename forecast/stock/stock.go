package stock

import "presage"

// Levels are the two levels of an (s, S) policy, in pieces of position.
type Levels struct {
	ReorderPoint int // s: order when the position is below it
	OrderUpTo    int // S: the least position after an order, >= ReorderPoint
}

// Position is what is on the shelf or on its way and not promised to a booked
// visit, in pieces. It is negative when more is promised than there is.
func Position(s presage.Stock) int { return s.OnHand + s.OnOrder - s.Reserved }

// Lot is in what quantities a supplier sells. The zero value is any number of
// pieces.
type Lot struct {
	Pack    int // pieces are ordered in multiples of it; below 1 counts as 1
	Minimum int // the fewest pieces of an order; below 1 counts as 1
}

// Round is the smallest order of at least so many pieces that the supplier
// takes; 0 for a need of none.
func (l Lot) Round(pieces int) int {
	if pieces <= 0 {
		return 0
	}
	pack := max(l.Pack, 1)
	return (max(pieces, l.Minimum) + pack - 1) / pack * pack
}

// Order is how many pieces to order at the given position; 0 for none.
func (l Levels) Order(position int, lot Lot) int {
	if position >= l.ReorderPoint {
		return 0
	}
	return lot.Round(l.OrderUpTo - position)
}
