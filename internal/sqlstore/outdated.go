package sqlstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"slices"

	"presage"
)

// outdate marks the prognoses of vehicles as older than what is known of them.
func outdate(ctx context.Context, tx *sql.Tx, vins []presage.VIN) error {
	// Sorted, so that two writers lock rows in one order.
	vins = slices.Compact(slices.Sorted(slices.Values(vins)))
	mark := rand.Text() // no two are equal: a mark that was cleared and set again is another one
	return each(ctx, tx, `INSERT INTO outdated (vin, mark, shard) VALUES ($1, $2, $3)
		ON CONFLICT (vin) DO UPDATE SET mark = excluded.mark`, vins, func(vin presage.VIN) ([]any, error) {
		return []any{vin, mark, vin.Shard()}, nil
	})
}

// outdateOf is outdate for the vehicles of rows.
func outdateOf[T any](ctx context.Context, tx *sql.Tx, rows []T, vin func(T) presage.VIN) error {
	return outdate(ctx, tx, slices.Collect(vinsOf(rows, vin)))
}

// Outdated lists vehicles that something is known of which their prognoses do
// not say yet, by VIN; limit 0 for all.
func (s *Store) Outdated(ctx context.Context, limit int) ([]presage.Outdated, error) {
	out, err := chosen(ctx, s.r, func(r row) (o presage.Outdated, err error) {
		err = r.Scan(&o.VIN, &o.Mark)
		return o, err
	}, s.held.among(choose(`SELECT vin, mark FROM outdated`)).order("vin", limit))
	return out, wrap(err, "list outdated prognoses")
}

// ClearOutdated takes vehicles off the list unless something came since they were read. Of
// a share they go onto the list of the undecided.
func (s *Store) ClearOutdated(ctx context.Context, list []presage.Outdated) error {
	if len(list) == 0 {
		return nil
	}
	vins := vinsOf(list, func(o presage.Outdated) presage.VIN { return o.VIN })
	return s.inShare(ctx, "clear outdated prognoses", vins, func(tx *sql.Tx) error {
		if s.held != nil { // whoever judges the whole fleet decides as well
			slices.SortFunc(list, func(a, b presage.Outdated) int { return cmp.Compare(a.VIN, b.VIN) }) // one lock order
			if err := markUndecided(ctx, tx, list); err != nil {
				return err
			}
		}
		return each(ctx, tx, `DELETE FROM outdated WHERE vin = $1 AND mark = $2`, list,
			func(o presage.Outdated) ([]any, error) { return []any{o.VIN, o.Mark}, nil })
	})
}

// atOnce is how many vehicles one statement asks for.
const atOnce = 100

// among adds that a column is one of at most atOnce VINs. The statement is the
// same for any number: the last one stands there until the end.
func among(q *selection, column string, vins []presage.VIN) *selection {
	q.text.WriteString(" AND " + column + " IN (")
	for i := range atOnce {
		if i > 0 {
			q.text.WriteByte(',')
		}
		q.text.WriteString(q.arg(vins[min(i, len(vins)-1)]))
	}
	q.text.WriteByte(')')
	return q
}

// ofVehicles runs a selection for all vehicles named, atOnce at a time.
func ofVehicles[T any](
	ctx context.Context, s *Store, scan func(row) (T, error), columnsFrom string, vins []presage.VIN,
) ([]T, error) {
	var out []T
	for some := range slices.Chunk(vins, atOnce) {
		rows, err := chosen(ctx, s.r, scan, among(choose(columnsFrom), "vin", some).order("vin", 0))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}
