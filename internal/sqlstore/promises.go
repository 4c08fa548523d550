package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

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

// promise reserves pieces of one part for r.Booking, or ErrConflict naming it.
//
// The row is raised first and checked after: that locks it, so that nobody
// promises the same pieces between the check and the commit.
func promise(ctx context.Context, tx *sql.Tx, r Reservation, p presage.PartQuantity) error {
	var st presage.Stock
	err := tx.QueryRowContext(ctx, `UPDATE stock SET reserved = reserved + $3 WHERE depot_id = $1 AND part = $2
		RETURNING on_hand, reserved, on_order`, r.DepotID, p.Part, p.Quantity).Scan(&st.OnHand, &st.Reserved, &st.OnOrder)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("part %s: %w: depot %s does not keep it", p.Part, presage.ErrConflict, r.DepotID)
	}
	if err != nil {
		return err
	}
	if st.Reserved > st.OnHand {
		st.DepotID, st.Part = r.DepotID, p.Part
		arriving, err := arrivingBy(ctx, tx, r, st)
		if err != nil {
			return err
		}
		if free := st.OnHand + arriving - st.Reserved + p.Quantity; free < p.Quantity {
			return fmt.Errorf("part %s: %w: %d wanted, %d free at depot %s by the start",
				p.Part, presage.ErrConflict, p.Quantity, max(0, free), r.DepotID)
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO booking_parts (booking_id, depot_id, part, quantity)
		VALUES ($1, $2, $3, $4)`, r.Booking.ID, r.DepotID, p.Part, p.Quantity)
	return err
}

// arrivingBy counts the pieces on order that arrive by the start of r.Booking.
func arrivingBy(ctx context.Context, tx *sql.Tx, r Reservation, st presage.Stock) (int, error) {
	var ordered, inTime int
	err := tx.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT),
			CAST(COALESCE(SUM(CASE WHEN expected_at <= $3 THEN quantity ELSE 0 END), 0) AS BIGINT)
		FROM purchase_orders WHERE depot_id = $1 AND part = $2 AND received_at = 0`,
		st.DepotID, st.Part, micros(r.Booking.Start)).Scan(&ordered, &inTime)
	if err != nil {
		return 0, err
	}
	if unaccounted := st.OnOrder - ordered; unaccounted > 0 && r.ArrivalOf != nil {
		if at := r.ArrivalOf(st.Part); !at.IsZero() && !at.After(r.Booking.Start) {
			inTime += unaccounted
		}
	}
	return inTime, nil
}

// release frees the cells and the promised parts of a booking.
func release(ctx context.Context, tx *sql.Tx, bookingID string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM booking_cells WHERE booking_id = $1`, bookingID); err != nil {
		return err
	}
	return unpromise(ctx, tx, bookingID)
}

func unpromise(ctx context.Context, tx *sql.Tx, bookingID string) error {
	held, err := all(ctx, tx, func(r row) (presage.Stock, error) {
		var st presage.Stock
		err := r.Scan(&st.DepotID, &st.Part, &st.Reserved)
		return st, err
	}, `SELECT depot_id, part, quantity FROM booking_parts WHERE booking_id = $1 ORDER BY part`, bookingID)
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
