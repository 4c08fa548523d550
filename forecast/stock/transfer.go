package stock

import (
	"cmp"
	"slices"

	"presage"
	"presage/forecast/fleet"
)

// Place is one part at one depot, for Transfers.
type Place struct {
	Depot  string
	Region string
	Stock  presage.Stock
	Levels Levels
	During fleet.Distribution // demand of the protection interval
}

// TransferRule is when pieces move between depots.
type TransferRule struct {
	Anywhere bool // across regions too
	// Urgent is the least drop of expected shortage, in pieces a piece moved,
	// in (0, 1], for which a donor goes below its own order-up-to level, down
	// to its reorder point. 1 never does.
	Urgent float64
}

// DefaultTransferRule stays within the region; below its order-up-to level a
// donor helps only where a piece is ten times in a hundred likelier to be asked for.
func DefaultTransferRule() TransferRule { return TransferRule{Urgent: 0.1} }

// Transfers moves one part between depots instead of ordering it: surplus above
// donors' order-up-to levels to depots that would order, up to their
// order-up-to levels; then, where it is urgent, more up to the reorder point.
// Pieces move one by one from where the next is least likely to be asked for
// to where it is likeliest (marginal analysis), as long as the sum of expected
// shortages over the protection intervals falls. Only unpromised pieces on the
// shelf move, and no donor ends below its reorder point. Among donors that lose
// about as little those that give already come first, and what is given is
// paired with what is taken in few shipments. The result is ordered by From,
// then To, and does not depend on the order of the places, of which each depot
// has one.
func Transfers(places []Place, rule TransferRule) []presage.Transfer {
	groups := map[string][]*trader{}
	for i := range places {
		region := places[i].Region
		if rule.Anywhere {
			region = ""
		}
		groups[region] = append(groups[region], &trader{Place: &places[i], position: Position(places[i].Stock)})
	}
	var out []presage.Transfer
	for _, g := range groups {
		slices.SortFunc(g, func(a, b *trader) int { return cmp.Compare(a.Depot, b.Depot) })
		m := market{traders: g, floor: orderUpTo, top: orderUpTo, least: rounding}
		m.trade()
		m = market{traders: g, floor: reorderPoint, top: reorderPoint, least: max(rule.Urgent, rounding)}
		m.trade()
		out = append(out, shipments(g)...)
	}
	slices.SortFunc(out, func(a, b presage.Transfer) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}

// Net is how many pieces the transfers bring to the depot, less those they take.
func Net(transfers []presage.Transfer, depot string) int {
	n := 0
	for _, t := range transfers {
		if t.To == depot {
			n += t.Pieces
		}
		if t.From == depot {
			n -= t.Pieces
		}
	}
	return n
}

// trader is a place while pieces move.
type trader struct {
	*Place

	position int
	moved    int       // pieces come, less pieces gone
	above    []float64 // P(demand > k), k from 0; made when first asked for
}

func orderUpTo(t *trader) int    { return t.Levels.OrderUpTo }
func reorderPoint(t *trader) int { return t.Levels.ReorderPoint }

// exceeds is P(demand > k).
func (t *trader) exceeds(k int) float64 {
	if k < t.During.First {
		return 1
	}
	if t.above == nil {
		t.above = make([]float64, len(t.During.Mass))
		sum := t.During.Tail
		for i := len(t.above) - 1; i >= 0; i-- {
			t.above[i] = sum
			sum += t.During.Mass[i]
		}
	}
	if i := k - t.During.First; i < len(t.above) {
		return t.above[i]
	}
	return t.During.Tail
}

// market is a round of moves among the places of a group.
type market struct {
	traders    []*trader
	floor, top func(*trader) int
	least      float64 // gain of a piece
}

// asks tells whether the place would take another piece: it was to order, and
// is not up to the top yet.
func (m market) asks(t *trader) bool {
	return t.moved >= 0 && Position(t.Stock) < t.Levels.ReorderPoint && t.position < m.top(t)
}

// offers is how many pieces the place could give yet.
func (m market) offers(t *trader) int {
	if t.moved > 0 {
		return 0
	}
	return min(free(t.Stock)+t.moved, t.position-max(m.floor(t), t.Levels.ReorderPoint))
}

// alike is how little two losses may differ to be called the same.
const alike = 0.01

// trade moves pieces while that is worth it.
func (m market) trade() {
	for {
		to, need := m.neediest()
		from, loss := m.donor()
		if to == nil || from == nil || need-loss < m.least {
			return
		}
		to.position, to.moved = to.position+1, to.moved+1
		from.position, from.moved = from.position-1, from.moved-1
	}
}

// neediest is where another piece is likeliest to be asked for; nil for none.
func (m market) neediest() (to *trader, need float64) {
	for _, t := range m.traders {
		if !m.asks(t) {
			continue
		}
		if p := t.exceeds(t.position); to == nil || p > need {
			to, need = t, p
		}
	}
	return to, need
}

// donor is who gives the next piece, and the probability that it would have
// been asked for there; nil for none.
func (m market) donor() (from *trader, loss float64) {
	for _, t := range m.traders {
		if m.offers(t) <= 0 {
			continue
		}
		if p := t.exceeds(t.position - 1); from == nil || m.better(t, p, from, loss) {
			from, loss = t, p
		}
	}
	return from, loss
}

// better tells whether t, losing p, is the better donor.
func (m market) better(t *trader, p float64, than *trader, loss float64) bool {
	if d := p - loss; d > alike || d < -alike {
		return d < 0
	}
	if gives := t.moved < 0; gives != (than.moved < 0) {
		return gives
	}
	return m.offers(t) > m.offers(than) && t.moved == 0
}

// shipments pairs what is given with what is taken: equal amounts first, then
// the largest with the largest, so at most one fewer than there are places.
func shipments(group []*trader) []presage.Transfer {
	var gives, takes []*trader
	for _, t := range group {
		switch {
		case t.moved < 0:
			gives = append(gives, t)
		case t.moved > 0:
			takes = append(takes, t)
		}
	}
	var out []presage.Transfer
	ship := func(from, to *trader) {
		n := min(-from.moved, to.moved)
		out = append(out, presage.Transfer{From: from.Depot, To: to.Depot, Pieces: n})
		from.moved += n
		to.moved -= n
	}
	for _, from := range gives {
		for _, to := range takes {
			if from.moved < 0 && from.moved == -to.moved {
				ship(from, to)
			}
		}
	}
	fewest := func(a, b *trader) int { return cmp.Compare(a.moved, b.moved) }
	for len(gives) > 0 && len(takes) > 0 {
		from, to := slices.MinFunc(gives, fewest), slices.MaxFunc(takes, fewest)
		if from.moved == 0 || to.moved == 0 {
			break
		}
		ship(from, to)
	}
	return out
}
