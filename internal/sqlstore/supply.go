package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"presage"
)

// ImportSupply stores what a planner's system says, in one transaction: all or nothing. A dry run
// does the same work, and takes it back. ErrInvalid names every line that an order or a shelf
// refuses. ErrConflict: what the batch was made in view of has changed; make it again.
func (s *Store) ImportSupply(ctx context.Context, b presage.SupplyBatch) (done presage.SupplyDone, err error) {
	err = s.inTx(ctx, "import", func(tx *sql.Tx) error {
		x := supplying{ctx: ctx, tx: tx, batch: b}
		for _, step := range []func() error{x.master, x.orders, x.receipts, x.moves} {
			if err := step(); err != nil {
				return err
			}
		}
		done = x.done
		if len(x.faults) > 0 {
			return errors.Join(x.faults...)
		}
		if b.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return done, err
}

// supplying is one import at work.
//
//nolint:containedctx // it lives no longer than the call that made it
type supplying struct {
	ctx    context.Context
	tx     *sql.Tx
	batch  presage.SupplyBatch
	done   presage.SupplyDone
	faults []error
}

// master keeps depots, parts, suppliers, what others call them, and where parts lie.
func (x *supplying) master() error {
	b := x.batch
	if err := each(x.ctx, x.tx, depotUpsert, b.Depots, depotArgs); err != nil {
		return err
	}
	if err := x.parts(); err != nil {
		return err
	}
	if b.Parameters != nil {
		if err := putParameters(x.ctx, x.tx, *b.Parameters); err != nil {
			return err
		}
	}
	err := each(x.ctx, x.tx, `INSERT INTO external_ids (source, kind, external_id, id, revision, digest, body, updated_at)
		VALUES ($1, $2, $3, $4, 0, '', '', $5)`, b.External, func(e presage.External) ([]any, error) {
		return []any{e.Source, e.Kind, e.ExternalID, e.ID, micros(b.Now)}, nil
	})
	if err != nil {
		return err
	}
	for _, st := range b.Bins {
		if err := keepPart(x.ctx, x.tx, st.DepotID, st.Part); err != nil {
			return err
		}
		_, err := x.tx.ExecContext(x.ctx, `UPDATE stock SET bin = $3 WHERE depot_id = $1 AND part = $2`,
			st.DepotID, st.Part, clean(st.Bin))
		if err != nil {
			return err
		}
	}
	return nil
}

// parts keeps the next version of the parts master.
func (x *supplying) parts() error {
	b := x.batch
	if len(b.Parts) == 0 {
		return nil
	}
	if err := stillNewest(x.ctx, x.tx, "part_imports", b.PartsSeen); err != nil {
		return err
	}
	version := b.PartsSeen + 1
	_, err := x.tx.ExecContext(x.ctx, `INSERT INTO part_imports (version, source, author, put_at) VALUES ($1, $2, $3, $4)`,
		version, b.Source, clean(b.By), micros(b.Now))
	if err != nil {
		return err
	}
	return each(x.ctx, x.tx, `INSERT INTO parts (number, body, version) VALUES ($1, $2, $3)
		ON CONFLICT (number) DO UPDATE SET body = excluded.body, version = excluded.version`, b.Parts,
		func(p presage.Part) ([]any, error) {
			body, err := encode(p)
			return []any{p.Number, body, version}, err
		})
}

func (x *supplying) orders() error {
	for _, o := range x.batch.Orders {
		if err := createOrders(x.ctx, x.tx, []presage.Order{o.Order}, o.Key); err != nil {
			return err
		}
	}
	return nil
}

// receipts receives what came, each once by its key.
func (x *supplying) receipts() error {
	for _, r := range x.batch.Receipts {
		before, after, err := actOn(x.ctx, x.tx, r.OrderAct, x.batch.Now, x.receivedBefore)
		if errors.Is(err, sql.ErrNoRows) {
			err = fmt.Errorf("order: %w: %.128q is not known", presage.ErrNotFound, r.OrderID)
		}
		if err = x.refuse(r.Row, err); err != nil {
			return err
		}
		x.done.Before, x.done.Received = append(x.done.Before, before), append(x.done.Received, after)
	}
	return nil
}

// receivedBefore tells whether a receipt was written down already, by whomever. ErrConflict if its
// key was used for something else.
func (x *supplying) receivedBefore(act presage.OrderAct) (bool, error) {
	known, err := one(x.ctx, x.tx, scanAct, `SELECT `+actColumns+` FROM stock_acts WHERE key = $1`, act.Key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return onceOnly(x.ctx, x.tx, act, "import")
	case err != nil:
		return false, err
	case known.OrderID != act.OrderID || known.Kind != act.Kind || !slices.Equal(known.Lines, act.Lines):
		return false, keyUsed(act.Key)
	}
	return true, nil
}

// moves writes movements into the ledger, those of a key once.
func (x *supplying) moves() error {
	for _, m := range x.batch.Moves {
		note := presage.OrderAct{Key: m.Key, Kind: "move", By: m.By, Note: m.Why, At: m.At}
		repeated, err := onceOnly(x.ctx, x.tx, note, m.Mark)
		if err != nil || repeated {
			if err = x.refuse(m.Field(0, "external_id"), err); err != nil {
				return err
			}
			x.done.OnHand = append(x.done.OnHand, nil)
			continue
		}
		moves, before, err := movesOf(x.ctx, x.tx, m.StockAct)
		if errors.Is(err, presage.ErrInvalid) { // by line already
			x.faults = append(x.faults, err)
			err = nil
		}
		if err != nil {
			return err
		}
		if _, err := shelve(x.ctx, x.tx, moves, m.Key, x.batch.Now); err != nil {
			return err
		}
		x.done.OnHand = append(x.done.OnHand, before)
	}
	return nil
}

// refuse notes what a row was refused for, as a fault of the file; one that is not the row's is returned.
func (x *supplying) refuse(row string, err error) error {
	for _, kind := range []error{presage.ErrInvalid, presage.ErrConflict, presage.ErrNotFound} {
		if errors.Is(err, kind) {
			x.faults = append(x.faults, fmt.Errorf("%s: %w: %s", row, presage.ErrInvalid, err.Error()))
			return nil
		}
	}
	return err
}

// Externals is what a system calls records of ours.
func (s *Store) Externals(ctx context.Context, source string, kinds ...string) ([]presage.External, error) {
	var out []presage.External
	for _, kind := range kinds {
		es, err := all(ctx, s.r, scanExternal, externalSelect+` WHERE source = $1 AND kind = $2 ORDER BY external_id`,
			source, kind)
		if err != nil {
			return nil, wrap(err, "external IDs of "+source)
		}
		out = append(out, es...)
	}
	return out, nil
}

// ImportedParts are all parts that were imported, with the version of the last import, where that
// is not the known one; else ErrNotFound.
func (s *Store) ImportedParts(ctx context.Context, known int64) ([]presage.Part, int64, error) {
	version, err := one(ctx, s.r, scanCount, `SELECT COALESCE(MAX(version), 0) FROM part_imports`)
	if err == nil && version == known {
		return nil, known, presage.ErrNotFound // at almost every look: it is not wrapped
	}
	if err != nil {
		return nil, known, wrap(err, "imported parts")
	}
	ps, err := all(ctx, s.r, scanDocument[presage.Part], `SELECT body FROM parts WHERE version > 0 ORDER BY number`)
	return ps, version, wrap(err, "imported parts")
}
