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
