package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

// Cancel frees the booking's cells and parts, moves its case by the event (not
// at all with an empty To), answers the offer and plans the messages, in one
// transaction or not at all.
//
// ErrConflict: the booking is not confirmed any more, or the case cannot move
// so. ErrNotFound: no such booking, case or offer.
func (s *Store) Cancel(ctx context.Context, c presage.Cancellation) error {
	return s.inTx(ctx, "cancel booking "+c.BookingID+" of case "+c.Event.CaseID, func(tx *sql.Tx) error {
		return cancelIn(ctx, tx, c)
	})
}

func cancelIn(ctx context.Context, tx *sql.Tx, c presage.Cancellation) error {
	ev := c.Event
	if c.BookingID != "" {
		b, err := freeBooking(ctx, tx, c)
		if err != nil {
			return err
		}
		ev.CaseID = b.CaseID
	}
	if ev.To != "" {
		if err := moveCase(ctx, tx, c.Change, ev); err != nil {
			return err
		}
	}
	if err := answerAs(ctx, tx, c.OfferID, c.Now, c.Answer); err != nil {
		return err
	}
	return errors.Join(
		each(ctx, tx, messageInsert, c.Messages, messageArgs),
		putLabels(ctx, tx, c.Labels),
	)
}

// freeBooking cancels a booking that is confirmed.
func freeBooking(ctx context.Context, tx *sql.Tx, c presage.Cancellation) (stored, error) {
	b, err := lockBooking(ctx, tx, c.BookingID)
	if err != nil {
		return b, err
	}
	if b.State != presage.BookingConfirmed {
		return b, fmt.Errorf("%w: it is %s", presage.ErrConflict, b.State)
	}
	return b, errors.Join(
		release(ctx, tx, b.ID),
		setBookingState(ctx, tx, b.ID, presage.BookingCancelled, c.Now),
		tellState(ctx, tx, b.Booking, presage.BookingCancelled, told{who: c.Event.Who, at: c.Now}),
	)
}

// CancelBooking is Cancel for a booking alone; next "" leaves its case.
func (s *Store) CancelBooking( //nolint:revive // one transaction needs all of it
	ctx context.Context, bookingID string, at time.Time,
	ev presage.CaseEvent, next presage.CaseState, ms []presage.Message,
) error {
	ev.To = next
	return s.Cancel(ctx, presage.Cancellation{BookingID: bookingID, Now: at, Event: ev, Messages: ms})
}
