package presage

import "time"

// Replenishment is how a part can be had that no shelf and no open order has.
type Replenishment struct {
	Part    string
	Pack    int       // pieces are ordered in whole packs; less than 2: singly
	Arrives time.Time // when pieces ordered now are at the depot
	// Supplier is who sells them; empty where nobody is known.
	Supplier string
}

// Replenish is how a part can be had that is ordered at a time, from who brings it first: singly
// and at once if the catalogue does not know it.
func (s Sourcing) Replenish(c *Catalogue, number string, at time.Time) Replenishment {
	part, err := c.Part(number)
	if err != nil {
		part = Part{Number: number}
	}
	out := Replenishment{Part: number, Pack: part.PackSize, Arrives: s.Arrives(part, "", at, 0)}
	for i, source := range s.Of(number) {
		if arrives := s.Arrives(part, source.Supplier, at, 0); i == 0 || arrives.Before(out.Arrives) {
			out.Pack, out.Arrives, out.Supplier = source.Terms(part).PackSize, arrives, source.Supplier
		}
	}
	return out
}

// Packs rounds pieces up to whole packs.
func (r Replenishment) Packs(pieces int) int {
	pack := max(r.Pack, 1)
	return (pieces + pack - 1) / pack * pack
}
