package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

const bookingColumns = `id, case_id, vin, customer_id, workshop_id, depot_id, bay_id, technician_id, start_at, end_at,
	jobs, parts, state, created_at, updated_at, via, sequence, hours, stay, note, dispatch, site`

// stored is a booking with the depot that its parts are reserved at.
type stored struct {
	presage.Booking
	DepotID string
}

// Booking returns the booking, or ErrNotFound.
func (s *Store) Booking(ctx context.Context, id string) (presage.Booking, error) {
	b, err := one(ctx, s.r, scanBooking, `SELECT `+bookingColumns+` FROM bookings WHERE id = $1`, id)
	return b.Booking, wrap(err, "booking "+id)
}

// Bookings lists bookings by start.
func (s *Store) Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error) {
	q := choose(`SELECT `+bookingColumns+` FROM bookings`).
		is("vin", string(f.VIN)).is("case_id", f.CaseID).is("workshop_id", f.WorkshopID).is("state", string(f.State))
	if !f.From.IsZero() {
		q.and("start_at >= ?", micros(f.From))
	}
	if !f.To.IsZero() {
		q.and("start_at < ?", micros(f.To))
	}
	if f.AfterID != "" {
		q.and("(start_at, id) > (SELECT b.start_at, b.id FROM bookings b WHERE b.id = ?)", f.AfterID)
	}
	bs, err := chosen(ctx, s.r, func(r row) (presage.Booking, error) {
		b, err := scanBooking(r)
		return b.Booking, err
	}, q.order("start_at, id", f.Limit))
	return bs, wrap(err, "list bookings")
}

// MoveBooking moves a booking from confirmed to arrived, or from confirmed to
// cancelled or no_show, which frees its cells and parts, or from no_show to
// arrived: the car came late. FinishBooking alone makes it done. ErrConflict when
// it is not in from any more or may not move so.
func (s *Store) MoveBooking(ctx context.Context, id string, from, to presage.BookingState, at time.Time) error {
	return s.inTx(ctx, "move booking "+id, func(tx *sql.Tx) error {
		b, err := lockBooking(ctx, tx, id)
		if err != nil {
			return err
		}
		if b.State != from {
			return fmt.Errorf("%w: it is %s, not %s, by now", presage.ErrConflict, b.State, from)
		}
		allowed := []presage.BookingState{presage.BookingArrived, presage.BookingCancelled, presage.BookingNoShow}
		late := from == presage.BookingNoShow && to == presage.BookingArrived
		if !late && (from != presage.BookingConfirmed || !slices.Contains(allowed, to)) {
			return fmt.Errorf("%w: a booking that is %s cannot become %s", presage.ErrConflict, from, to)
		}
		return moveBookingIn(ctx, tx, b, to, told{at: at})
	})
}

func moveBookingIn(ctx context.Context, tx *sql.Tx, b stored, to presage.BookingState, x told) error {
	follow := func() error { return release(ctx, tx, b.ID) }
	if to == presage.BookingArrived {
		follow = func() error {
			return addStep(ctx, tx, b.ID, presage.RepairStep{Stage: presage.RepairArrived, At: x.at})
		}
	}
	if err := follow(); err != nil {
		return err
	}
	return errors.Join(tellState(ctx, tx, b.Booking, to, x), setBookingState(ctx, tx, b.ID, to, x.at))
}

// lockBooking reads a booking that nobody else can change until the transaction ends.
func lockBooking(ctx context.Context, tx *sql.Tx, id string) (stored, error) {
	return one(ctx, tx, scanBooking,
		`UPDATE bookings SET state = state WHERE id = $1 RETURNING `+bookingColumns, id)
}

func setBookingState(ctx context.Context, tx *sql.Tx, id string, to presage.BookingState, at time.Time) error {
	changes := 0
	if to == presage.BookingCancelled {
		changes = 1
	}
	_, err := tx.ExecContext(ctx, `UPDATE bookings SET state = $2, updated_at = $3, sequence = sequence + $4
		WHERE id = $1`,
		id, string(to), micros(at), changes)
	return err
}

func scanBooking(r row) (stored, error) {
	var b stored
	err := r.Scan(&b.ID, &b.CaseID, &b.VIN, &b.CustomerID, &b.WorkshopID, &b.DepotID, &b.BayID, &b.TechnicianID,
		instant{&b.Start}, instant{&b.End}, document{&b.Jobs}, document{&b.Parts}, &b.State,
		instant{&b.CreatedAt}, instant{&b.UpdatedAt}, &b.Via, &b.Sequence, document{&b.Hours},
		&b.Stay, &b.Note, document{&b.Dispatch}, site{&b.Site})
	return b, err
}
