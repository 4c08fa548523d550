package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"

	"presage"
)

// Replan gives a visit another bay and technician at the same time, one whose car has
// arrived for the rest of its time, and,
// where the reservation says how to Replenish, other pieces of its parts, as
// Reserve would choose and order them, all or nothing. The booking keeps its ID
// and its customer's calendar entry.
//
// ErrConflict: no candidate is free, a part is missing, or the booking is in another
// state by now than that of the reservation.
func (s *Store) Replan(ctx context.Context, r presage.Reservation) (b presage.Booking, err error) {
	err = s.inTx(ctx, "replan booking "+r.Booking.ID, func(tx *sql.Tx) error {
		b, err = replanIn(ctx, tx, r)
		return err
	})
	if err != nil {
		return presage.Booking{}, err
	}
	return b, nil
}

func replanIn(ctx context.Context, tx *sql.Tx, r presage.Reservation) (presage.Booking, error) {
	if err := lockCalendar(ctx, tx, r.Booking.WorkshopID); err != nil {
		return presage.Booking{}, err
	}
	b, err := lockBooking(ctx, tx, r.Booking.ID)
	if err != nil {
		return b.Booking, err
	}
	if b.State != cmp.Or(r.Booking.State, presage.BookingConfirmed) {
		return b.Booking, fmt.Errorf("%w: it is %s", presage.ErrConflict, b.State)
	}
	b.UpdatedAt = r.Now
	if len(r.Replenish) > 0 {
		b.DepotID = r.DepotID
	}
	if err := sellAgain(ctx, tx, &b, r); err != nil {
		return b.Booking, err
	}
	b.Dispatch = settled(r.Booking.Dispatch, b.TechnicianID)
	dispatch, err := encode(b.Dispatch)
	if err != nil {
		return b.Booking, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE bookings SET depot_id = $2, bay_id = $3, technician_id = $4, updated_at = $5,
		dispatch = $6 WHERE id = $1`, b.ID, b.DepotID, b.BayID, b.TechnicianID, micros(r.Now), dispatch)
	if err != nil {
		return b.Booking, err
	}
	err = tellBooking(ctx, tx, presage.BookingChanged, b.Booking, told{who: r.Event.Who, at: r.Now})
	if err != nil {
		return b.Booking, err
	}
	ev := r.Event
	ev.CaseID = b.CaseID
	if ev.Reason.Args["technician"] != "" {
		ev.Reason = ev.Reason.Arg("to", b.TechnicianID)
	}
	if ev.Reason.Args["bay"] != "" {
		ev.Reason = ev.Reason.Arg("to", b.BayID)
	}
	return b.Booking, putCaseEvent(ctx, tx, ev)
}

// sellAgain gives back what the booking holds and takes what the candidates have.
func sellAgain(ctx context.Context, tx *sql.Tx, b *stored, r presage.Reservation) error {
	anew, from := b.Booking, int64(0)
	if b.State == presage.BookingArrived { // what has passed stays where it was
		anew.Hours = b.Rest(r.Now)
		from, _ = cellsOf(anew.Hours[0].From, anew.Hours[0].To)
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM booking_cells WHERE booking_id = $1 AND cell >= $2`, b.ID, from)
	if err != nil {
		return err
	}
	if b.BayID, err = sell(ctx, tx, anew, "bay", r.Bays); err != nil {
		return err
	}
	if b.TechnicianID, err = sell(ctx, tx, anew, "technician", r.Technicians); err != nil {
		return err
	}
	if len(r.Replenish) == 0 {
		return nil
	}
	if err := unpromise(ctx, tx, b.ID); err != nil {
		return err
	}
	r.Booking = b.Booking
	for _, p := range b.Parts {
		if err := promise(ctx, tx, r, p); err != nil {
			return err
		}
	}
	return nil
}
