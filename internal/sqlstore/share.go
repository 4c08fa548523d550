package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"iter"
	"maps"
	"slices"
	"strings"

	"presage"
)

// share is a part of the fleet, by the shards that a process holds: nil for the whole fleet.
type share map[int]presage.Duty

// On returns the store of a process that holds some duties: of vehicles, dirty days and
// outdated prognoses it lists those of the shards among them alone, and what a pass
// writes of a vehicle (roll-ups, prognoses, the clearing of both marks) is refused
// with ErrFenced, in the transaction that writes it, unless the process still has
// the vehicle's shard. Everything else is as without.
func (s *Store) On(duties []presage.Duty) *Store {
	held := share{}
	for shard := range presage.Shards {
		if i := slices.IndexFunc(duties, func(d presage.Duty) bool { return d.Name == presage.ShardDuty(shard) }); i >= 0 {
			held[shard] = duties[i]
		}
	}
	on := *s
	on.held = held
	return &on
}

// vinsOf are the vehicles of rows.
func vinsOf[T any](rows []T, vin func(T) presage.VIN) iter.Seq[presage.VIN] {
	return func(yield func(presage.VIN) bool) {
		for _, r := range rows {
			if !yield(vin(r)) {
				return
			}
		}
	}
}

// inShare is inTx for what a pass writes of vehicles.
func (s *Store) inShare(
	ctx context.Context, doing string, vins iter.Seq[presage.VIN], f func(tx *sql.Tx) error,
) error {
	if s.held == nil {
		return s.inTx(ctx, doing, f)
	}
	shards := map[int]bool{}
	for vin := range vins {
		shards[vin.Shard()] = true
	}
	sorted := slices.Sorted(maps.Keys(shards)) // one lock order for all writers
	return s.inTx(ctx, doing, func(tx *sql.Tx) error {
		for _, shard := range sorted {
			if err := fence(ctx, tx, s.held[shard]); err != nil {
				return err
			}
		}
		return f(tx)
	})
}

// fence locks a duty until the transaction ends: whoever wants to take it waits. ErrFenced
// when somebody has taken it, and for a duty that was never held.
func fence(ctx context.Context, tx *sql.Tx, d presage.Duty) error {
	return fenced(tx.ExecContext(ctx, `UPDATE duties SET token = token WHERE name = $1 AND owner = $2 AND token = $3`,
		d.Name, d.Owner, d.Token))
}

// among adds that the column shard is one of those of the share.
func (h share) among(q *selection) *selection {
	if h == nil {
		return q
	}
	marks := []string{"-2"} // that none has: a share may be empty
	for shard := range presage.Shards {
		if _, ok := h[shard]; ok {
			marks = append(marks, q.arg(shard))
		}
	}
	q.text.WriteString(" AND shard IN (" + strings.Join(marks, ",") + ")")
	return q
}

// AssignShards gives the rows that a process of an earlier release wrote their shards.
func (s *Store) AssignShards(ctx context.Context) error {
	for _, t := range []struct{ list, set string }{
		{`SELECT vin FROM vehicles WHERE shard < 0`, `UPDATE vehicles SET shard = $2 WHERE vin = $1`},
		{`SELECT vin FROM dirty_days WHERE shard < 0`, `UPDATE dirty_days SET shard = $2 WHERE vin = $1`},
		{`SELECT vin FROM outdated WHERE shard < 0`, `UPDATE outdated SET shard = $2 WHERE vin = $1`},
	} {
		vins, err := all(ctx, s.r, func(r row) (vin presage.VIN, err error) {
			err = r.Scan(&vin)
			return vin, err
		}, t.list)
		if err != nil {
			return wrap(err, "rows without a shard")
		}
		slices.SortFunc(vins, cmp.Compare) // one lock order for all writers
		for some := range slices.Chunk(slices.Compact(vins), 10*atOnce) {
			err := put(s, t.set, some, func(vin presage.VIN) ([]any, error) { return []any{vin, vin.Shard()}, nil })(
				ctx, "assign shards")
			if err != nil {
				return err
			}
		}
	}
	return nil
}
