package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"presage"
)

// holdSlots keeps the slots of an offer beside it and drops those that are over. Those of
// vans have the name of the vans in the place of the workshop's, and begin and end with
// the way.
func holdSlots(ctx context.Context, tx *sql.Tx, o presage.Offer) error {
	if o.HeldUntil.IsZero() {
		return nil
	}
	const stmt = `INSERT INTO offer_slots (offer_id, workshop_id, start_at, end_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (offer_id, start_at) DO NOTHING`
	err := each(ctx, tx, stmt, o.Slots, func(x presage.Slot) ([]any, error) {
		return []any{o.ID, holder(x), micros(x.Start.Add(-o.Drive)), micros(x.End.Add(o.Drive))}, nil
	})
	if err != nil {
		return err
	}
	for _, x := range o.Slots {
		_, err := tx.ExecContext(ctx, `DELETE FROM offer_slots WHERE workshop_id = $1 AND end_at < $2`,
			holder(x), micros(o.CreatedAt))
		if err != nil {
			return err
		}
	}
	return nil
}

// holder is who keeps a slot: the workshop, or its vans.
func holder(x presage.Slot) string {
	if presage.ByVan(x.ID) {
		return presage.VansOf(x.WorkshopID)
	}
	return x.WorkshopID
}

// Held lists, by time, the stretches that open offers hold at a workshop, each
// with the number of offers; those that nobody holds are left out. An offer holds
// its slots until its HeldUntil, but no longer than it is the newest of a case
// that is offered and has no answer.
func (s *Store) Held(ctx context.Context, f presage.HeldTimeFilter) ([]presage.HeldTime, error) {
	slots, err := all(ctx, s.r, func(r row) (heldSlot, error) {
		var x heldSlot
		var holder string
		err := r.Scan(&x.offer, &holder, instant{&x.start}, instant{&x.end})
		_, x.van = presage.SplitVan(holder)
		return x, err
	}, `SELECT x.offer_id, x.workshop_id, x.start_at, x.end_at
		FROM offer_slots x JOIN offers o ON o.id = x.offer_id JOIN cases c ON c.id = o.case_id
		WHERE x.workshop_id IN ($1, $6) AND x.end_at > $2 AND x.start_at < $3 AND o.held_until > $4 AND o.id <> $5
			AND o.expires_at > $4 AND o.answered_at = 0 AND c.state = 'offered'
			AND NOT EXISTS (SELECT 1 FROM offers n WHERE n.case_id = o.case_id
				AND (n.created_at, n.id) > (o.created_at, o.id))`,
		f.WorkshopID, micros(f.From), micros(f.To), micros(f.Now), f.ExceptOffer, presage.VansOf(f.WorkshopID))
	return stretches(slots), wrap(err, "held times of workshop "+f.WorkshopID)
}

// HeldParts is what open offers keep of a depot's parts, by part number, as Held
// does of times; the offer except does not count.
func (s *Store) HeldParts(ctx context.Context, depotID string, now time.Time, except string) (map[string]int, error) {
	lists, err := all(ctx, s.r, func(r row) ([]presage.PartQuantity, error) {
		var list []presage.PartQuantity
		err := r.Scan(document{&list})
		return list, err
	}, `SELECT o.parts FROM offers o JOIN cases c ON c.id = o.case_id JOIN workshops w ON w.id = c.workshop_id
		WHERE w.depot_id = $1 AND o.held_until > $2 AND o.id <> $3
			AND o.expires_at > $2 AND o.answered_at = 0 AND c.state = 'offered' AND o.parts <> 'null'
			AND NOT EXISTS (SELECT 1 FROM offers n WHERE n.case_id = o.case_id
				AND (n.created_at, n.id) > (o.created_at, o.id))`,
		depotID, micros(now), except)
	held := map[string]int{}
	for _, list := range lists {
		for _, p := range list {
			held[p.Part] += p.Quantity
		}
	}
	return held, wrap(err, "held parts of depot "+depotID)
}

type heldSlot struct {
	offer      string
	start, end time.Time
	van        bool
}

// stretches cuts slots at each other's ends and counts the offers of each piece.
func stretches(slots []heldSlot) []presage.HeldTime {
	var cuts []time.Time
	for _, x := range slots {
		cuts = append(cuts, x.start, x.end)
	}
	slices.SortFunc(cuts, time.Time.Compare)
	cuts = slices.Compact(cuts)
	var out []presage.HeldTime
	for i := 1; i < len(cuts); i++ {
		offers, vans := map[string]bool{}, map[string]bool{}
		for _, x := range slots {
			if !x.start.After(cuts[i-1]) && !x.end.Before(cuts[i]) {
				offers[x.offer] = true
				if x.van {
					vans[x.offer] = true
				}
			}
		}
		if len(offers) > 0 {
			out = append(out, presage.HeldTime{
				Start: cuts[i-1], End: cuts[i], Offers: len(offers), Vans: len(vans),
			})
		}
	}
	return out
}
