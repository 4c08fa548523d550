package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"presage"
	"presage/internal/rollpack"
)

// blockDays are the days of a row of roll-ups. Fewer make reading a year slow,
// more make writing a day slow.
const blockDays = 32

// blockOf is the block that a day stands in.
func blockOf(d presage.Day) int64 { return int64(d) / blockDays }

// block reads a packed block; what it read before is gone.
type block struct{ to *presage.RollupBlock }

// Scan implements sql.Scanner.
func (c block) Scan(src any) error {
	body, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("packed roll-ups: the column holds %T, want bytes", src)
	}
	return rollpack.Unpack(c.to, body)
}

type blockKey struct {
	vin   presage.VIN
	block int64
}

// PutRollups inserts or replaces roll-ups by vehicle and day, and marks the
// vehicles' prognoses as outdated, all or none.
func (s *Store) PutRollups(ctx context.Context, rs []presage.Rollup) error {
	if len(rs) == 0 {
		return nil
	}
	into, vins := map[blockKey][]presage.Rollup{}, make([]presage.VIN, 0, len(rs))
	for _, r := range rs {
		k := blockKey{r.VIN, blockOf(r.Day)}
		into[k], vins = append(into[k], r), append(vins, r.VIN)
	}
	// One lock order for all writers.
	keys := slices.SortedFunc(maps.Keys(into), func(a, b blockKey) int {
		return cmp.Or(cmp.Compare(a.vin, b.vin), cmp.Compare(a.block, b.block))
	})
	return s.inShare(ctx, "put roll-ups", slices.Values(vins), func(tx *sql.Tx) error {
		const lock = `INSERT INTO rollup_blocks (vin, block, first_at, body) VALUES ($1, $2, 0, $3)
			ON CONFLICT (vin, block) DO UPDATE SET first_at = rollup_blocks.first_at RETURNING body`
		locked, err := tx.PrepareContext(ctx, lock)
		if err != nil {
			return err
		}
		var b presage.RollupBlock
		err = each(ctx, tx, `UPDATE rollup_blocks SET first_at = $3, body = $4 WHERE vin = $1 AND block = $2`, keys,
			func(k blockKey) ([]any, error) {
				if err := locked.QueryRowContext(ctx, k.vin, k.block, []byte{}).Scan(block{&b}); err != nil {
					return nil, err
				}
				for _, r := range into[k] {
					b.Put(r)
				}
				return []any{k.vin, k.block, micros(b.First[0]), rollpack.Pack(nil, &b)}, nil
			})
		if err = errors.Join(err, locked.Close()); err != nil {
			return err
		}
		return outdate(ctx, tx, vins)
	})
}

// Rollups lists a vehicle's roll-ups of the days from..to, both included, ascending.
func (s *Store) Rollups(ctx context.Context, vin presage.VIN, from, to presage.Day) ([]presage.Rollup, error) {
	var b presage.RollupBlock
	blocks, err := all(ctx, s.r, func(r row) ([]presage.Rollup, error) {
		err := r.Scan(block{&b})
		return b.Rollups(vin, from, to), err
	}, `SELECT body FROM rollup_blocks WHERE vin = $1 AND block >= $2 AND block <= $3 ORDER BY block`,
		vin, blockOf(from), blockOf(to))
	return slices.Concat(blocks...), wrap(err, "roll-ups of "+vin.Masked())
}

// RollupBlocks hands over the roll-ups of vehicles by VIN and day: those from a
// day on, and the oldest that there are. The block is lent.
func (s *Store) RollupBlocks(
	ctx context.Context, vins []presage.VIN, from presage.Day, each func(presage.VIN, *presage.RollupBlock),
) error {
	var b presage.RollupBlock
	for some := range slices.Chunk(vins, atOnce) {
		q := choose(`SELECT vin, body FROM rollup_blocks b`).and(`(b.block >= ? OR
			b.block = (SELECT MIN(f.block) FROM rollup_blocks f WHERE f.vin = b.vin))`, blockOf(from))
		_, err := chosen(ctx, s.r, func(r row) (struct{}, error) {
			var vin presage.VIN
			err := r.Scan(&vin, block{&b})
			if err == nil {
				each(vin, &b)
			}
			return struct{}{}, wrap(err, "roll-ups of "+vin.Masked())
		}, among(q, "b.vin", some).order("vin, block", 0))
		if err != nil {
			return wrap(err, "roll-ups of vehicles")
		}
	}
	return nil
}
