package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"presage"
)

// Reserve sells a slot: bay, technician and parts are taken, missing pieces are
// ordered, the case becomes booked, the offer is answered and the messages are
// planned, all in one transaction or nothing at all: a visit that it Replaces
// stands until then. Pieces on hand that nobody else was promised count at once,
// pieces on order if they arrive by the start.
//
// ErrConflict: no candidate is free, a part is missing (the text names it), the
// visit to replace is not confirmed any more, or the case has moved on.
// ErrInvalid: the booking does not end after it starts. ErrNotFound: there is no
// such case or offer.
func (s *Store) Reserve(ctx context.Context, r presage.Reservation) (presage.Booking, error) {
	return s.reserve(ctx, r, func(*sql.Tx) error { return nil })
}

// ReserveNew is Reserve for a case that it opens in the same transaction. ErrConflict
// too if the vehicle has another case that waits for a visit.
func (s *Store) ReserveNew(
	ctx context.Context, c presage.Case, opened presage.CaseEvent, r presage.Reservation,
) (presage.Booking, error) {
	return s.reserve(ctx, r, func(tx *sql.Tx) error { return createCase(ctx, tx, c, opened) })
}

// reserve sells a slot after what comes before it in the transaction.
func (s *Store) reserve(
	ctx context.Context, r presage.Reservation, before func(*sql.Tx) error,
) (presage.Booking, error) {
	b, err := begun(r)
	if err != nil {
		return b, err
	}
	err = s.inTx(ctx, "reserve "+b.ID+" in workshop "+b.WorkshopID, func(tx *sql.Tx) error {
		if err := before(tx); err != nil {
			return err
		}
		return reserveIn(ctx, tx, r, &b)
	})
	if err != nil {
		return presage.Booking{}, err
	}
	return b, nil
}

// begun is the booking of a reservation as it is to be sold.
func begun(r presage.Reservation) (presage.Booking, error) {
	b := r.Booking
	if b.ID == "" || !b.End.After(b.Start) {
		return presage.Booking{}, fmt.Errorf("reserve booking %q: %w: it needs an ID and must end after it starts",
			b.ID, presage.ErrInvalid)
	}
	b.Parts = totals(b.Parts)
	b.State, b.CreatedAt, b.UpdatedAt = presage.BookingConfirmed, r.Now, r.Now
	return b, nil
}

// reserveIn sells a slot inside a transaction, and completes the booking.
func reserveIn(ctx context.Context, tx *sql.Tx, r presage.Reservation, b *presage.Booking) error {
	if err := bookCase(ctx, tx, r); err != nil {
		return err
	}
	var err error
	if b.Sequence, err = nextChange(ctx, tx, b.CaseID); err != nil {
		return err
	}
	if b.BayID, err = sell(ctx, tx, *b, "bay", r.Bays); err != nil {
		return err
	}
	if b.TechnicianID, err = sell(ctx, tx, *b, "technician", r.Technicians); err != nil {
		return err
	}
	b.Dispatch = settled(b.Dispatch, b.TechnicianID)
	for _, p := range b.Parts {
		if err := promise(ctx, tx, r, p); err != nil {
			return err
		}
	}
	if err := insertBooking(ctx, tx, stored{Booking: *b, DepotID: r.DepotID}); err != nil {
		return err
	}
	if err := answerAs(ctx, tx, r.OfferID, r.Now, "booked"); err != nil {
		return err
	}
	return errors.Join(tellSale(ctx, tx, *b, r), each(ctx, tx, messageInsert, r.Messages, messageArgs))
}

// bookCase moves the case to booked, once nobody else sells slots of the same
// workshop: visits that change places would wait for each other's cells. A visit
// that is replaced is given up first; its case is booked already and stays so.
func bookCase(ctx context.Context, tx *sql.Tx, r presage.Reservation) error {
	ev, change := r.Event, r.Change
	ev.CaseID, ev.To = r.Booking.CaseID, presage.CaseBooked
	if err := lockCalendar(ctx, tx, r.Booking.WorkshopID); err != nil {
		return err
	}
	if r.Replaces == "" {
		if err := withinBounds(ctx, tx, r); err != nil {
			return err
		}
		return moveCase(ctx, tx, change, ev)
	}
	old, err := lockBooking(ctx, tx, r.Replaces)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("booking %s: %w", r.Replaces, presage.ErrNotFound)
	case err != nil:
		return err
	case old.CaseID != r.Booking.CaseID || old.State != presage.BookingConfirmed:
		return fmt.Errorf("booking %s: %w: it is %s, of case %s", old.ID, presage.ErrConflict, old.State, old.CaseID)
	}
	c, err := lockCase(ctx, tx, old.CaseID)
	if err != nil {
		return err
	}
	if c.State != presage.CaseBooked {
		return fmt.Errorf("case %s: %w: it is %s, not booked, by now", c.ID, presage.ErrConflict, c.State)
	}
	ev.From = c.State
	return errors.Join(
		withinBounds(ctx, tx, r),
		release(ctx, tx, old.ID),
		setBookingState(ctx, tx, old.ID, presage.BookingCancelled, r.Now),
		saveCase(ctx, tx, applied(c, change), ev.At),
		putCaseEvent(ctx, tx, ev),
	)
}

// lockCalendar lets nobody else sell slots of a workshop until the transaction ends.
func lockCalendar(ctx context.Context, tx *sql.Tx, workshopID string) error {
	_, err := tx.ExecContext(ctx, `UPDATE workshops SET depot_id = depot_id WHERE id = $1`, workshopID)
	return err
}

// nextChange counts on from what the case's earlier bookings reached.
func nextChange(ctx context.Context, tx *sql.Tx, caseID string) (n int, err error) {
	err = tx.QueryRowContext(ctx,
		`SELECT CAST(COALESCE(MAX(sequence), -1) + 1 AS BIGINT) FROM bookings WHERE case_id = $1`, caseID).Scan(&n)
	return n, err
}

// settled is a dispatch with the technician to whom the visit was sold.
func settled(d *presage.Dispatch, technician string) *presage.Dispatch {
	if d == nil {
		return nil
	}
	x := d.Settle(technician)
	return &x
}

func insertBooking(ctx context.Context, tx *sql.Tx, b stored) error {
	jobs, err := encode(b.Jobs)
	if err != nil {
		return err
	}
	parts, err := encode(b.Parts)
	if err != nil {
		return err
	}
	hours, err := encode(b.Hours)
	if err != nil {
		return err
	}
	dispatch, err := encode(b.Dispatch)
	if err != nil {
		return err
	}
	where, err := siteText(b.Site)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO bookings (`+bookingColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		b.ID, b.CaseID, b.VIN, b.CustomerID, b.WorkshopID, b.DepotID, b.BayID, b.TechnicianID,
		micros(b.Start), micros(b.End), jobs, parts, string(b.State), micros(b.CreatedAt), micros(b.UpdatedAt), b.Via,
		b.Sequence, hours, string(b.Stay), b.Note, dispatch, where)
	return err
}
