package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// totals adds up the pieces of each part, by part: one order of locks for all.
func totals(parts []presage.PartQuantity) []presage.PartQuantity {
	var out []presage.PartQuantity
	for _, p := range parts {
		i := slices.IndexFunc(out, func(q presage.PartQuantity) bool { return q.Part == p.Part })
		if i < 0 {
			out = append(out, p)
			continue
		}
		out[i].Quantity += p.Quantity
	}
	out = slices.DeleteFunc(out, func(p presage.PartQuantity) bool { return p.Quantity <= 0 })
	slices.SortFunc(out, func(a, b presage.PartQuantity) int { return strings.Compare(a.Part, b.Part) })
	return out
}

// promise reserves pieces of one part for r.Booking and orders what is missing,
// or ErrConflict naming the part.
//
// The row is raised first and checked after: that locks it, so that nobody
// promises or orders the same pieces between the check and the commit.
func promise(ctx context.Context, tx *sql.Tx, r presage.Reservation, p presage.PartQuantity) error {
	i := slices.IndexFunc(r.Replenish, func(x presage.Replenishment) bool { return x.Part == p.Part })
	if i >= 0 { // what can be ordered may be new to the depot
		if err := keepPart(ctx, tx, r.DepotID, p.Part); err != nil {
			return err
		}
	}
	st := presage.Stock{DepotID: r.DepotID, Part: p.Part}
	err := tx.QueryRowContext(ctx, `UPDATE stock SET reserved = reserved + $3 WHERE depot_id = $1 AND part = $2
		RETURNING on_hand, reserved, on_order`, r.DepotID, p.Part, p.Quantity).Scan(&st.OnHand, &st.Reserved, &st.OnOrder)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("part %s: %w: depot %s does not keep it", p.Part, presage.ErrConflict, r.DepotID)
	}
	if err != nil {
		return err
	}
	if st.Reserved > st.OnHand {
		free, by, err := unpromised(ctx, tx, r, st, p.Quantity)
		if err != nil {
			return err
		}
		if lack := min(p.Quantity-free, p.Quantity); lack > 0 {
			if i < 0 || micros(r.Replenish[i].Arrives) > by {
				return fmt.Errorf("part %s: %w: %d wanted, %d free at depot %s by the start",
					p.Part, presage.ErrConflict, p.Quantity, max(0, free), r.DepotID)
			}
			if err := orderFor(ctx, tx, r, r.Replenish[i], lack); err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx, bookingPartInsert, r.Booking.ID, r.DepotID, p.Part, p.Quantity)
	return err
}

const bookingPartInsert = `INSERT INTO booking_parts (booking_id, depot_id, part, quantity) VALUES ($1, $2, $3, $4)`

func orderFor(ctx context.Context, tx *sql.Tx, r presage.Reservation, how presage.Replenishment, pieces int) error {
	id := "po-" + r.Booking.ID + "-" + how.Part
	if first := r.Booking.CreatedAt; !first.IsZero() && first.Before(r.Now) {
		id += "-" + strconv.FormatInt(r.Now.Unix(), 10) // what was ordered at first did not reach it
	}
	return insertOrder(ctx, tx, presage.PurchaseOrder{
		ID: id, DepotID: r.DepotID, Part: how.Part,
		Quantity: how.Packs(pieces), OrderedAt: r.Now, ExpectedAt: how.Arrives,
		Supplier: how.Supplier,
	})
}

// unpromised is how many pieces can be taken at the start of r.Booking so that
// every visit promised before still has its own: the least that is left from
// then on, as orders arrive and visits take theirs. It is negative when a visit
// lacks pieces already. by is when fewer than want are left for the first time:
// pieces for a later visit may still be ordered until then.
func unpromised(ctx context.Context, tx *sql.Tx, reserved presage.Reservation, st presage.Stock, want int,
) (free int, by int64, err error) {
	type change struct{ at, pieces, ordered int64 }
	changes, err := all(ctx, tx, func(r row) (change, error) {
		var c change
		err := r.Scan(&c.at, &c.pieces, &c.ordered)
		if c.ordered > 0 {
			c.at = micros(presage.PurchaseOrder{ExpectedAt: time.UnixMicro(c.at)}.Arrives(reserved.Now))
		}
		return c, err
	}, `SELECT expected_at, open_pieces, open_pieces FROM coming
			WHERE depot_id = $1 AND part = $2
		UNION ALL SELECT b.start_at, -p.quantity, 0 FROM booking_parts p JOIN bookings b ON b.id = p.booking_id
			WHERE p.depot_id = $1 AND p.part = $2`, st.DepotID, st.Part)
	if err != nil {
		return 0, 0, err
	}
	unaccounted := int64(st.OnOrder)
	for _, c := range changes {
		unaccounted -= c.ordered
	}
	if unaccounted > 0 && reserved.ArrivalOf != nil {
		if at := reserved.ArrivalOf(st.Part); !at.IsZero() {
			changes = append(changes, change{at: micros(at), pieces: unaccounted})
		}
	}
	// What arrives at an instant is there for who takes it at that instant.
	slices.SortFunc(changes, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(b.pieces, a.pieces))
	})
	left, start := int64(st.OnHand), micros(reserved.Booking.Start)
	i := 0
	for ; i < len(changes) && changes[i].at <= start; i++ {
		left += changes[i].pieces
	}
	least, by := left, start
	for ; i < len(changes); i++ {
		left += changes[i].pieces
		if least >= int64(want) {
			by = changes[i].at
		}
		least = min(least, left)
	}
	return int(least), by, nil
}

// release frees the cells and the promised parts of a booking.
func release(ctx context.Context, tx *sql.Tx, bookingID string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM booking_cells WHERE booking_id = $1`, bookingID); err != nil {
		return err
	}
	return unpromise(ctx, tx, bookingID)
}

func unpromise(ctx context.Context, tx *sql.Tx, bookingID string) error {
	held, err := keptFor(ctx, tx, bookingID)
	if err != nil {
		return err
	}
	const stmt = `UPDATE stock SET reserved = reserved - $3 WHERE depot_id = $1 AND part = $2`
	err = each(ctx, tx, stmt, held, func(st presage.Stock) ([]any, error) {
		return []any{st.DepotID, st.Part, st.Reserved}, nil
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM booking_parts WHERE booking_id = $1`, bookingID)
	return err
}

// keptFor is what is promised to a booking, as reserved.
func keptFor(ctx context.Context, tx *sql.Tx, bookingID string) ([]presage.Stock, error) {
	return all(ctx, tx, func(r row) (st presage.Stock, err error) {
		err = r.Scan(&st.DepotID, &st.Part, &st.Reserved)
		return st, err
	}, `SELECT depot_id, part, quantity FROM booking_parts WHERE booking_id = $1 ORDER BY part`, bookingID)
}
