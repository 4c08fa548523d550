package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"presage"
)

// SetNote writes another note to the workshop for a visit. ErrConflict where it is over.
func (s *Store) SetNote(ctx context.Context, bookingID, note string, ev presage.CaseEvent) (presage.Booking, error) {
	var b stored
	err := s.inTx(ctx, "note of booking "+bookingID, func(tx *sql.Tx) error {
		var err error
		if b, err = lockBooking(ctx, tx, bookingID); err != nil {
			return err
		}
		if b.State != presage.BookingConfirmed && b.State != presage.BookingArrived {
			return fmt.Errorf("%w: it is %s", presage.ErrConflict, b.State)
		}
		b.Note, b.UpdatedAt = clean(note), ev.At
		_, err = tx.ExecContext(ctx, `UPDATE bookings SET note = $2, updated_at = $3 WHERE id = $1`,
			bookingID, b.Note, micros(ev.At))
		return errors.Join(err, putCaseEvent(ctx, tx, ev),
			tellBooking(ctx, tx, presage.BookingChanged, b.Booking, told{who: ev.Who, at: ev.At}))
	})
	return b.Booking, err
}
