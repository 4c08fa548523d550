package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/internal/squeeze"
)

// stagedAtOnce is how many rows of a plan are in memory at a time, about.
const stagedAtOnce = 500

// KeepPlan puts a plan in the place of the one of version next.Before: parts are all of it, one
// after the other, in any order. Only rows that say something new are written. They are staged
// piece by piece and put into the plan in one transaction, so that a reader sees one plan or the
// other; nothing is changed when parts end with an error. ErrConflict: another process kept a plan
// meanwhile, or a part is planned twice at one place.
func (s *Store) KeepPlan(ctx context.Context, next presage.NextPlan, parts iter.Seq2[presage.PlannedRows, error],
) (presage.KeptPlan, error) {
	const doing = "keep the parts plan"
	c := planChange{store: s, next: next, pass: rand.Text(), planned: map[string]bool{}}
	if err := s.inTx(ctx, doing, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM staged_parts`) // of passes that were cut off
		return err
	}); err != nil {
		return presage.KeptPlan{}, err
	}
	err := c.stage(ctx, parts)
	if err == nil {
		err = s.inTx(ctx, doing, func(tx *sql.Tx) error { return c.finish(ctx, tx) })
	}
	if err != nil {
		return presage.KeptPlan{}, errors.Join(wrap(err, doing), c.forget(context.WithoutCancel(ctx)))
	}
	c.kept.Version = next.Before + 1
	return c.kept, nil
}

// planChange is what a plan changes of the one before.
type planChange struct {
	store   *Store
	next    presage.NextPlan
	pass    string // of the rows that it stages
	planned map[string]bool
	kept    presage.KeptPlan

	owners []string // of the piece that is gathered
	rows   []plannedRow
}

// stage gathers the parts piece by piece.
func (c *planChange) stage(ctx context.Context, parts iter.Seq2[presage.PlannedRows, error]) error {
	for p, err := range parts {
		if err != nil {
			return err
		}
		if c.planned[p.Part] {
			return fmt.Errorf("%w: part %s is planned twice", presage.ErrConflict, p.Part)
		}
		c.planned[p.Part] = true
		if p.Unchanged {
			continue
		}
		c.owners = append(c.owners, p.Part)
		for _, one := range p.Rows {
			row, err := rowOf(p.Part, one)
			if err != nil {
				return fmt.Errorf("forecast of %s at %q: %w", one.Forecast.Part, one.Forecast.DepotID, err)
			}
			c.rows = append(c.rows, row)
		}
		if len(c.rows) >= stagedAtOnce || len(c.owners) == atOnce {
			if err := c.piece(ctx); err != nil {
				return err
			}
		}
	}
	if err := c.piece(ctx); err != nil {
		return err
	}
	return c.goneOwners(ctx)
}

// rowInForce is a row of the plan in force.
type rowInForce struct {
	level, owner, digest string
	place                presage.PlanPlace
}

func (k rowInForce) where() [4]string {
	return [4]string{k.level, k.place.Part, k.place.Region, k.place.DepotID}
}

func (r plannedRow) where() [4]string {
	return [4]string{r.level, r.place.Part, r.place.Region, r.place.DepotID}
}

// rowsOf reads the rows in force of at most atOnce owners.
func (c *planChange) rowsOf(ctx context.Context, owners []string) ([]rowInForce, error) {
	q := choose(`SELECT level, part, region, depot_id, owner, digest FROM planned_parts`)
	marks := make([]string, atOnce) // the statement is the same for any number
	for i := range marks {
		marks[i] = q.arg(owners[min(i, len(owners)-1)])
	}
	q.text.WriteString(" AND owner IN (" + strings.Join(marks, ",") + ")")
	return chosen(ctx, c.store.r, func(r row) (k rowInForce, err error) {
		err = r.Scan(&k.level, &k.place.Part, &k.place.Region, &k.place.DepotID, &k.owner, &k.digest)
		return k, err
	}, q)
}

// piece stages what has been gathered, as far as it says something new, and the rows that are gone.
func (c *planChange) piece(ctx context.Context) error {
	if len(c.owners) == 0 {
		return nil
	}
	inForce, err := c.rowsOf(ctx, c.owners)
	if err != nil {
		return err
	}
	digests := make(map[[4]string]string, len(inForce))
	for _, k := range inForce {
		digests[k.where()] = k.digest
	}
	var changed []plannedRow
	for _, r := range c.rows {
		if before, ok := digests[r.where()]; !ok || before != r.digest {
			changed = append(changed, r)
		}
		delete(digests, r.where())
	}
	gone := slices.DeleteFunc(inForce, func(k rowInForce) bool { _, left := digests[k.where()]; return !left })
	if err := pack(changed); err != nil {
		return err
	}
	c.owners, c.rows = c.owners[:0], c.rows[:0]
	return c.put(ctx, changed, gone)
}

// pack compresses the rows that are written.
func pack(rows []plannedRow) error {
	var group errgroup.Group
	group.SetLimit(4)
	for some := range slices.Chunk(rows, 64) {
		group.Go(func() error {
			for i := range some {
				some[i].body, some[i].outlook = squeeze.Pack(some[i].body), squeeze.Pack(some[i].outlook)
			}
			return nil
		})
	}
	return group.Wait()
}

// put writes into the stage.
func (c *planChange) put(ctx context.Context, changed []plannedRow, gone []rowInForce) error {
	if len(changed)+len(gone) == 0 {
		return nil
	}
	c.kept.Written += len(changed)
	c.kept.Removed += len(gone)
	return c.store.inTx(ctx, "stage the parts plan", func(tx *sql.Tx) error {
		const insert = `INSERT INTO staged_parts
			(pass, level, part, region, depot_id, owner, digest, order_now, line, body, outlook)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
		// A row may leave the plan of one part for that of another.
		err := each(ctx, tx, insert+` ON CONFLICT (pass, level, part, region, depot_id) DO UPDATE
			SET owner = excluded.owner, digest = excluded.digest, order_now = excluded.order_now, line = excluded.line,
				body = excluded.body, outlook = excluded.outlook
			WHERE staged_parts.digest = ''`, changed, func(r plannedRow) ([]any, error) {
			return []any{
				c.pass, r.level, r.place.Part, r.place.Region, r.place.DepotID, r.owner, r.digest, r.orderNow, r.line,
				r.body, r.outlook,
			}, nil
		})
		if err != nil {
			return err
		}
		return each(ctx, tx, insert+` ON CONFLICT (pass, level, part, region, depot_id) DO NOTHING`, gone,
			func(k rowInForce) ([]any, error) {
				return []any{
					c.pass, k.level, k.place.Part, k.place.Region, k.place.DepotID, k.owner, "", 0, "", nil, nil,
				}, nil
			})
	})
}

// goneOwners stages the end of all rows whose part is planned no more.
func (c *planChange) goneOwners(ctx context.Context) error {
	owners, err := all(ctx, c.store.r, scanString, `SELECT DISTINCT owner FROM planned_parts`)
	if err != nil {
		return err
	}
	owners = slices.DeleteFunc(owners, func(owner string) bool { return c.planned[owner] })
	for some := range slices.Chunk(owners, atOnce) {
		rows, err := c.rowsOf(ctx, some)
		if err != nil {
			return err
		}
		if err := c.put(ctx, nil, rows); err != nil {
			return err
		}
	}
	return nil
}

// finish makes the staged rows those of the plan in force.
func (c *planChange) finish(ctx context.Context, tx *sql.Tx) error {
	err := changed(tx.ExecContext(ctx, `UPDATE parts_plan SET version = version + 1, as_of = $1
		WHERE id = 1 AND version = $2`, micros(c.next.AsOf), c.next.Before))
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: another process kept a plan meanwhile", presage.ErrConflict)
	}
	if err != nil {
		return err
	}
	var staged int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM staged_parts WHERE pass = $1 AND digest <> ''`,
		c.pass).Scan(&staged); err != nil {
		return err
	}
	if staged != c.kept.Written {
		return fmt.Errorf("%w: %d of %d rows are there to be kept: a part is planned twice at one place, "+
			"or another process plans at the same time", presage.ErrConflict, staged, c.kept.Written)
	}
	for _, stmt := range []string{
		`DELETE FROM planned_parts WHERE (level, part, region, depot_id) IN
			(SELECT level, part, region, depot_id FROM staged_parts WHERE pass = $1 AND digest = '')`,
		`INSERT INTO planned_parts (level, part, region, depot_id, owner, digest, order_now, line, body, outlook)
			SELECT level, part, region, depot_id, owner, digest, order_now, line, body, outlook
			FROM staged_parts WHERE pass = $1 AND digest <> ''
			ON CONFLICT (level, part, region, depot_id) DO UPDATE SET owner = excluded.owner, digest = excluded.digest,
				order_now = excluded.order_now, line = excluded.line, body = excluded.body, outlook = excluded.outlook,
				plain = '', plain_outlook = ''`,
		`DELETE FROM staged_parts WHERE pass = $1`,
	} {
		if _, err := tx.ExecContext(ctx, stmt, c.pass); err != nil {
			return err
		}
	}
	return nil
}

// forget takes back what was staged.
func (c *planChange) forget(ctx context.Context) error {
	return c.store.inTx(ctx, "forget a parts plan", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM staged_parts WHERE pass = $1`, c.pass)
		return err
	})
}
