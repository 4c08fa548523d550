package sqlstore

import (
	"context"
	"time"
)

// HoldLease takes a lease for owner, or prolongs it, until a time; false while
// another's stands at now. The holder must have ended by then what the lease is
// for. The clocks of the owners should agree within a part of its length.
func (s *Store) HoldLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	n, err := affected(s.w.ExecContext(ctx, `INSERT INTO leases (name, owner, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
		WHERE leases.owner = excluded.owner OR leases.until <= $4`, name, clean(owner), micros(until), micros(now)))
	return n > 0, wrap(err, "hold the lease "+name)
}
