package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

const overrideColumns = `id, part, depot_id, mean, days, until, author, why, created_at, withdrawn_at, withdrawn_by`

// PutOverride numbers and keeps the override, made at o.CreatedAt, and takes
// the one then in force for the same part and depot back, by o.By. ErrNotFound
// if the part is not planned at the depot.
func (s *Store) PutOverride(ctx context.Context, o presage.DemandOverride) (presage.DemandOverride, error) {
	o.CreatedAt = time.UnixMicro(micros(o.CreatedAt)).UTC()
	o.WithdrawnAt, o.WithdrawnBy = time.Time{}, ""
	o.By, o.Why = clean(o.By), clean(o.Why)
	err := s.inTx(ctx, "put a demand override", func(tx *sql.Tx) error {
		// The number comes first: its row makes those who plan the same place wait in turn.
		var err error
		if o.ID, err = next(ctx, tx, "demand_overrides", 1); err != nil {
			return err
		}
		if err := planned(ctx, tx, o.Part, o.DepotID); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE demand_overrides SET withdrawn_at = $1, withdrawn_by = $2
			WHERE part = $3 AND depot_id = $4 AND withdrawn_at = 0 AND until >= $5`,
			micros(o.CreatedAt), o.By, o.Part, o.DepotID, int64(presage.DayOf(o.CreatedAt)))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO demand_overrides (`+overrideColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '')`,
			o.ID, o.Part, o.DepotID, o.Mean, o.Days, int64(o.Until), o.By, o.Why, micros(o.CreatedAt))
		return err
	})
	return o, err
}

// planned is an ErrNotFound unless the plan has the part at the depot.
func planned(ctx context.Context, db reader, part, depot string) error {
	n, err := one(ctx, db, scanCount,
		`SELECT COUNT(*) FROM planned_parts WHERE level = $1 AND part = $2 AND depot_id = $3`,
		presage.LevelDepot, part, depot)
	if err == nil && n == 0 {
		err = fmt.Errorf("%w: part %q is not planned at depot %q; GET /v1/parts/forecast lists what is",
			presage.ErrNotFound, part, depot)
	}
	return err
}

// WithdrawOverride ends an override at now. ErrNotFound if there is none with
// the id, ErrConflict when it has ended already.
func (s *Store) WithdrawOverride(ctx context.Context, id int64, by string, now time.Time) error {
	return s.inTx(ctx, fmt.Sprintf("withdraw demand override %d", id), func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE demand_overrides SET withdrawn_at = $1, withdrawn_by = $2
			WHERE id = $3 AND withdrawn_at = 0 AND until >= $4`,
			micros(now), clean(by), id, int64(presage.DayOf(now)))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
		o, err := one(ctx, tx, scanOverride, `SELECT `+overrideColumns+` FROM demand_overrides WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if o.WithdrawnAt.IsZero() {
			return fmt.Errorf("%w: it counted until %s", presage.ErrConflict, o.Until.Start().Format(time.DateOnly))
		}
		return fmt.Errorf("%w: %s withdrew it at %s", presage.ErrConflict, o.WithdrawnBy,
			o.WithdrawnAt.Format(time.RFC3339))
	})
}

// Overrides lists the overrides, the newest first. Empty part or depot: of all.
func (s *Store) Overrides(ctx context.Context, part, depot string) ([]presage.DemandOverride, error) {
	q := choose(`SELECT `+overrideColumns+` FROM demand_overrides`).
		is("part", part).is("depot_id", depot).order("id DESC", everything)
	os, err := chosen(ctx, s.r, scanOverride, q)
	return os, wrap(err, "list demand overrides")
}

// OverridesInForce lists the overrides that count on the day by part and
// depot; at most one for each.
func (s *Store) OverridesInForce(ctx context.Context, on presage.Day) ([]presage.DemandOverride, error) {
	os, err := all(ctx, s.r, scanOverride, `SELECT `+overrideColumns+` FROM demand_overrides
		WHERE withdrawn_at = 0 AND until >= $1 ORDER BY part, depot_id, id`, int64(on))
	return os, wrap(err, "list demand overrides in force")
}

func scanOverride(r row) (presage.DemandOverride, error) {
	var o presage.DemandOverride
	err := r.Scan(&o.ID, &o.Part, &o.DepotID, &o.Mean, &o.Days, &o.Until, &o.By, &o.Why,
		instant{&o.CreatedAt}, instant{&o.WithdrawnAt}, &o.WithdrawnBy)
	return o, err
}
