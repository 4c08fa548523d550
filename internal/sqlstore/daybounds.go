package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

// withinBounds refuses a visit on a day on which as many others begin as may be, with
// ErrConflict; the one that it replaces does not count. Whoever asks holds the
// calendar, so that nobody sells meanwhile.
func withinBounds(ctx context.Context, tx *sql.Tx, r presage.Reservation) error {
	for _, x := range r.Bounds {
		var n int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM bookings
			WHERE workshop_id = $1 AND start_at >= $2 AND start_at < $3 AND state IN ('confirmed', 'arrived', 'done')
				AND ($4 = '' OR stay = $4) AND id <> $5`,
			r.Booking.WorkshopID, micros(x.From), micros(x.To), string(x.Stay), r.Replaces).Scan(&n)
		if err != nil {
			return err
		}
		if n >= x.Most {
			what := "visits"
			if x.Stay != "" {
				what += " with " + string(x.Stay)
			}
			return fmt.Errorf("%w: %d %s begin on the day of %s, and no more may", presage.ErrConflict, n, what,
				x.From.Format(time.DateOnly))
		}
	}
	return nil
}
