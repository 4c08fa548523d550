package presage

import "time"

// Replenishment is how a part can be had that no shelf and no open order has.
type Replenishment struct {
	Part    string
	Pack    int       // pieces are ordered in whole packs; less than 2: singly
	Arrives time.Time // when pieces ordered now are at the depot
}

// Packs rounds pieces up to whole packs.
func (r Replenishment) Packs(pieces int) int {
	pack := max(r.Pack, 1)
	return (pieces + pack - 1) / pack * pack
}
