package sqlstore

import (
	"context"
	"slices"
	"time"

	"presage"
)

// Lacking lists, by start, the confirmed visits whose promised pieces are
// neither on the shelf nor arrive by the start: they were used elsewhere, lost,
// or their order is late, as it looks at now. Who comes first takes first. Pieces on
// order without a purchase order count as arriving.
func (s *Store) Lacking(ctx context.Context, now time.Time) ([]string, error) {
	promises, err := all(ctx, s.r, scanPromised, `SELECT p.booking_id, p.depot_id, p.part, p.quantity, b.start_at,
			st.on_hand, st.on_order
		FROM booking_parts p JOIN bookings b ON b.id = p.booking_id
			JOIN stock st ON st.depot_id = p.depot_id AND st.part = p.part
		WHERE st.reserved > st.on_hand ORDER BY b.start_at, b.id, p.part`)
	if err != nil || len(promises) == 0 {
		return nil, wrap(err, "visits that lack parts")
	}
	orders, err := all(ctx, s.r, func(r row) (presage.PurchaseOrder, error) {
		var o presage.PurchaseOrder
		err := r.Scan(&o.DepotID, &o.Part, &o.Quantity, instant{&o.ExpectedAt})
		return o, err
	}, `SELECT depot_id, part, open_pieces, expected_at FROM coming`)
	return lacking(promises, orders, now), wrap(err, "visits that lack parts")
}

// Renewed lists, by start, the confirmed visits of cars of which a workshop has replaced
// a part since they were booked, and not later than an instant.
func (s *Store) Renewed(ctx context.Context, until time.Time) ([]string, error) {
	ids, err := all(ctx, s.r, scanString, `SELECT b.id FROM bookings b WHERE b.state = 'confirmed' AND EXISTS (
			SELECT 1 FROM labels l WHERE l.vin = b.vin AND l.replaced AND l.at > b.created_at AND l.at <= $1)
		ORDER BY b.start_at, b.id`, micros(until))
	return ids, wrap(err, "visits of cars that were repaired meanwhile")
}

// promised is what a visit was promised of a part, and what the depot has of it.
type promised struct {
	booking string
	part    presage.Stock // Reserved is what this visit was promised
	start   time.Time
}

func scanPromised(r row) (promised, error) {
	var p promised
	err := r.Scan(&p.booking, &p.part.DepotID, &p.part.Part, &p.part.Reserved, instant{&p.start},
		&p.part.OnHand, &p.part.OnOrder)
	return p, err
}

// lacking gives out the pieces in the order of the promises.
func lacking(promises []promised, orders []presage.PurchaseOrder, now time.Time) []string {
	type key struct{ depot, part string }
	taken, without := map[key]int{}, []string(nil)
	for _, p := range promises {
		k := key{p.part.DepotID, p.part.Part}
		there, ordered := p.part.OnHand, 0
		for _, o := range orders {
			if o.DepotID != k.depot || o.Part != k.part {
				continue
			}
			ordered += o.Quantity
			if !o.Arrives(now).After(p.start) {
				there += o.Quantity
			}
		}
		there += max(0, p.part.OnOrder-ordered)
		if there-taken[k] >= p.part.Reserved {
			taken[k] += p.part.Reserved
		} else if !slices.Contains(without, p.booking) {
			without = append(without, p.booking)
		}
	}
	return without
}
