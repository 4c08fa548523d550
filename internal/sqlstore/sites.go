package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"presage"
)

// siteText is where a van repairs a car, as it is stored; "" at the workshop.
func siteText(s *presage.Site) (string, error) {
	if s == nil {
		return "", nil
	}
	x := *s
	x.Address = presage.Address(clean(string(x.Address)))
	return encode(x)
}

// site reads what siteText wrote.
type site struct{ to **presage.Site }

// Scan implements sql.Scanner.
func (c site) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("site column holds %T, want text", src)
	}
	*c.to = nil
	if text == "" {
		return nil
	}
	*c.to = new(presage.Site)
	return json.Unmarshal([]byte(text), *c.to)
}

// SetSite names another address for the visit of a van, and for its case.
// ErrConflict without such a visit to come.
func (s *Store) SetSite(
	ctx context.Context, bookingID string, x presage.Site, ev presage.CaseEvent,
) (presage.Booking, error) {
	var b stored
	err := s.inTx(ctx, "site of booking "+bookingID, func(tx *sql.Tx) error {
		var err error
		if b, err = lockBooking(ctx, tx, bookingID); err != nil {
			return err
		}
		if b.State != presage.BookingConfirmed || b.Site == nil {
			return fmt.Errorf("%w: it is %s, or no van's", presage.ErrConflict, b.State)
		}
		where, err := siteText(&x)
		if err != nil {
			return err
		}
		b.Site, b.UpdatedAt = &x, ev.At
		for _, text := range []string{
			`UPDATE bookings SET site = $2, updated_at = $3 WHERE id = $1`,
			`UPDATE cases SET site = $2, updated_at = $3 WHERE id = (SELECT case_id FROM bookings WHERE id = $1)`,
		} {
			if _, err := tx.ExecContext(ctx, text, bookingID, where, micros(ev.At)); err != nil {
				return err
			}
		}
		return errors.Join(putCaseEvent(ctx, tx, ev),
			tellBooking(ctx, tx, presage.BookingChanged, b.Booking, told{who: ev.Who, at: ev.At}))
	})
	return b.Booking, err
}
