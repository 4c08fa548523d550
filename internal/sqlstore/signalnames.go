package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"presage"
)

// SignalNames lists the signal names that are not in the signal table.
func (s *Store) SignalNames(ctx context.Context) ([]presage.SignalName, error) {
	ns, err := all(ctx, s.r, func(r row) (presage.SignalName, error) {
		var n presage.SignalName
		err := r.Scan(&n.Name, &n.VIN, &n.Day)
		return n, err
	}, `SELECT name, vin, day FROM signal_names ORDER BY name`)
	return ns, wrap(err, "list signal names")
}

// PutSignalNames adds names, or moves the day of those that are there forward,
// never back; the vehicle that a name counts for stays.
func (s *Store) PutSignalNames(ctx context.Context, ns []presage.SignalName) error {
	const stmt = `INSERT INTO signal_names (name, vin, day) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET day = excluded.day WHERE excluded.day > signal_names.day`
	ns = slices.SortedFunc(slices.Values(ns), func(a, b presage.SignalName) int { // rows are locked in one order
		return strings.Compare(a.Name, b.Name)
	})
	return put(s, stmt, ns, func(n presage.SignalName) ([]any, error) {
		return []any{clean(n.Name), n.VIN, int64(n.Day)}, nil
	})(ctx, "put signal names")
}

// DeleteSignalNames removes names; those that are not there do not matter.
func (s *Store) DeleteSignalNames(ctx context.Context, names []string) error {
	return s.inTx(ctx, "delete signal names", func(tx *sql.Tx) error {
		return each(ctx, tx, `DELETE FROM signal_names WHERE name = $1`, names, func(name string) ([]any, error) {
			return []any{clean(name)}, nil
		})
	})
}
