package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"presage"
)

// MarkDirty queues vehicle-days for a new roll-up. A day that is queued
// already keeps its place and gets a new Seq.
func (s *Store) MarkDirty(ctx context.Context, days []presage.VehicleDay) error {
	if len(days) == 0 {
		return nil
	}
	days = slices.Clone(days)
	slices.SortFunc(days, func(a, b presage.VehicleDay) int { // one lock order for all writers
		return cmp.Or(strings.Compare(string(a.VIN), string(b.VIN)), cmp.Compare(a.Day, b.Day))
	})
	return s.inTx(ctx, "mark dirty days", func(tx *sql.Tx) error {
		seq, err := next(ctx, tx, "dirty_days", 1)
		if err != nil {
			return err
		}
		const stmt = `INSERT INTO dirty_days (vin, day, seq, first_seq, shard) VALUES ($1, $2, $3, $3, $4)
			ON CONFLICT (vin, day) DO UPDATE SET seq = excluded.seq`
		return each(ctx, tx, stmt, days, func(d presage.VehicleDay) ([]any, error) {
			return []any{d.VIN, int64(d.Day), seq, d.VIN.Shard()}, nil
		})
	})
}

// DirtyDays returns up to limit (0 for all) queued days, those that wait longest first.
func (s *Store) DirtyDays(ctx context.Context, limit int) ([]presage.DirtyDay, error) {
	q := s.held.among(choose(`SELECT vin, day, seq FROM dirty_days`)).order("first_seq, vin, day", limit)
	ds, err := chosen(ctx, s.r, func(r row) (presage.DirtyDay, error) {
		var d presage.DirtyDay
		err := r.Scan(&d.VIN, &d.Day, &d.Seq)
		return d, err
	}, q)
	return ds, wrap(err, "list dirty days")
}

// OldestDirtyDay is the first of the queued days from a day on; false when there is none.
func (s *Store) OldestDirtyDay(ctx context.Context, from presage.Day) (presage.Day, bool, error) {
	day, err := one(ctx, s.r, func(r row) (sql.NullInt64, error) {
		var day sql.NullInt64
		err := r.Scan(&day)
		return day, err
	}, `SELECT MIN(day) FROM dirty_days WHERE day >= $1`, int64(from))
	return presage.Day(day.Int64), day.Valid, wrap(err, "oldest dirty day")
}

// ClearDirty takes days off the queue unless they were marked again since they were read.
func (s *Store) ClearDirty(ctx context.Context, days []presage.DirtyDay) error {
	const stmt = `DELETE FROM dirty_days WHERE vin = $1 AND day = $2 AND seq = $3`
	if len(days) == 0 {
		return nil
	}
	vins := vinsOf(days, func(d presage.DirtyDay) presage.VIN { return d.VIN })
	return s.inShare(ctx, "clear dirty days", vins, func(tx *sql.Tx) error {
		return each(ctx, tx, stmt, days, func(d presage.DirtyDay) ([]any, error) {
			return []any{d.VIN, int64(d.Day), d.Seq}, nil
		})
	})
}
