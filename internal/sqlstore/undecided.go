package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

// markUndecided tells the process that decides of vehicles that were judged.
func markUndecided(ctx context.Context, tx *sql.Tx, list []presage.Outdated) error {
	return each(ctx, tx, `INSERT INTO undecided (vin, mark) VALUES ($1, $2)
		ON CONFLICT (vin) DO UPDATE SET mark = excluded.mark`, list,
		func(o presage.Outdated) ([]any, error) { return []any{o.VIN, o.Mark}, nil })
}

// Undecided lists at most limit vehicles (0 for all) after one ("" for the first) that were judged for a share since
// they were last decided on, by VIN.
func (s *Store) Undecided(ctx context.Context, after presage.VIN, limit int) ([]presage.Outdated, error) {
	out, err := chosen(ctx, s.r, func(r row) (o presage.Outdated, err error) {
		err = r.Scan(&o.VIN, &o.Mark)
		return o, err
	}, choose(`SELECT vin, mark FROM undecided`).and("vin > ?", after).order("vin", limit))
	return out, wrap(err, "list undecided vehicles")
}

// ClearUndecided takes vehicles off that list unless they were judged again since they were read.
func (s *Store) ClearUndecided(ctx context.Context, list []presage.Outdated) error {
	return put(s, `DELETE FROM undecided WHERE vin = $1 AND mark = $2`, list, func(o presage.Outdated) ([]any, error) {
		return []any{o.VIN, o.Mark}, nil
	})(ctx, "clear undecided vehicles")
}
