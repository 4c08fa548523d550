package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

const shipmentColumns = `id, from_depot, to_depot, state, author, note, created_at, updated_at, picked_at, expected_at,
	shipped_by, shipped_at`

// PutShipments keeps transfers that one wish made, all or none. The wish is known by its key:
// a repeat returns those that were made at first. ErrConflict if the key was used for
// something else.
func (s *Store) PutShipments(ctx context.Context, act presage.OrderAct, digest string, xs []presage.Shipment,
) (kept []presage.Shipment, err error) {
	err = s.inTx(ctx, "put transfers", func(tx *sql.Tx) error {
		repeated, err := onceOnly(ctx, tx, act, digest)
		if err != nil {
			return err
		}
		if repeated {
			kept, err = shipmentsBy(ctx, tx, choose(`SELECT `+shipmentColumns+` FROM shipments`).and("act_key = ?", act.Key),
				everything)
			return err
		}
		kept = xs
		for _, x := range xs {
			if err := createShipment(ctx, tx, x, act.Key); err != nil {
				return err
			}
		}
		return nil
	})
	return kept, err
}

// ShippedBefore returns the transfers that an act made, where it was done already. ErrConflict
// if the key was used for something else.
func (s *Store) ShippedBefore(ctx context.Context, key, digest string) (xs []presage.Shipment, done bool, err error) {
	done, err = s.acted(ctx, key, digest)
	if done {
		xs, err = shipmentsBy(ctx, s.r, choose(`SELECT `+shipmentColumns+` FROM shipments`).and("act_key = ?", key),
			everything)
	}
	return xs, done && err == nil, wrap(err, "transfers of an act")
}

// ProposedTransfers lists the pieces of transfers that are proposed and not picked, by part and depots.
func (s *Store) ProposedTransfers(ctx context.Context) ([]presage.PartTransfer, error) {
	ts, err := all(ctx, s.r, func(r row) (t presage.PartTransfer, err error) {
		err = r.Scan(&t.Part, &t.From, &t.To, &t.Pieces)
		return t, err
	}, `SELECT l.part, s.from_depot, s.to_depot, CAST(SUM(l.quantity) AS BIGINT)
		FROM shipments s JOIN shipment_lines l ON l.shipment_id = s.id WHERE s.state = 'proposed'
		GROUP BY l.part, s.from_depot, s.to_depot ORDER BY l.part, s.from_depot, s.to_depot`)
	return ts, wrap(err, "list proposed transfers")
}

func createShipment(ctx context.Context, tx *sql.Tx, x presage.Shipment, key string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO shipments (`+shipmentColumns+`, act_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, x.ID, x.From, x.To, string(x.State),
		clean(x.By), clean(x.Note), micros(x.CreatedAt), micros(x.UpdatedAt), micros(x.PickedAt), micros(x.Expected),
		clean(x.ShippedBy), micros(x.ShippedAt), key)
	if err != nil {
		return err
	}
	return each(ctx, tx, `INSERT INTO shipment_lines
		(shipment_id, line, depot_id, part, quantity, picked, received, missing, open_pieces)
		VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0)`, x.Lines,
		func(l presage.ShipmentLine) ([]any, error) { return []any{x.ID, l.Line, x.To, l.Part, l.Quantity}, nil })
}

// ActShipment does something to a transfer once: a repeat of its key changes nothing and
// returns it as it is. ErrNotFound without such a transfer, ErrConflict naming every part of
// which too little is free; else see presage.Shipment.After.
func (s *Store) ActShipment(ctx context.Context, act presage.ShipmentAct, digest string, now time.Time,
) (x presage.Shipment, err error) {
	err = s.inTx(ctx, "act on transfer "+act.ShipmentID, func(tx *sql.Tx) error {
		// The row is written first: whoever acts on the same transfer waits here.
		res, err := tx.ExecContext(ctx, `UPDATE shipments SET state = state WHERE id = $1`, act.ShipmentID)
		if err := changed(res, err); err != nil {
			return err
		}
		if x, err = shipmentOf(ctx, tx, act.ShipmentID); err != nil {
			return err
		}
		note := presage.OrderAct{
			Key: act.Key, OrderID: act.ShipmentID, Kind: presage.OrderActKind(act.Kind), By: act.By, Note: act.Note, At: act.At,
		}
		for _, l := range act.Lines {
			note.Lines = append(note.Lines, presage.OrderActLine{Line: l.Line, Pieces: l.Pieces})
		}
		repeated, err := onceOnly(ctx, tx, note, digest)
		if err != nil || repeated {
			return err
		}
		before := x
		var moves []presage.StockMovement
		if x, moves, err = x.After(act); err != nil {
			return err
		}
		x.UpdatedAt = now
		if err := moveShipment(ctx, tx, before, x, moves); err != nil {
			return err
		}
		if err := tellTransfer(ctx, tx, x, act.By); err != nil {
			return err
		}
		_, err = shelve(ctx, tx, moves, act.Key, now)
		return err
	})
	return x, err
}

// moveShipment writes what an act changed of the transfer and of what is on order at the
// depot that takes, and locks the shelves that moves touch. Rows of stock are locked in
// one order, those of both depots alike.
func moveShipment(
	ctx context.Context, tx *sql.Tx, before, x presage.Shipment, moves []presage.StockMovement,
) error {
	_, err := tx.ExecContext(ctx, `UPDATE shipments SET state = $2, updated_at = $3, picked_at = $4, expected_at = $5,
		shipped_by = $6, shipped_at = $7 WHERE id = $1`, x.ID, string(x.State), micros(x.UpdatedAt), micros(x.PickedAt),
		micros(x.Expected), clean(x.ShippedBy), micros(x.ShippedAt))
	if err != nil {
		return err
	}
	touched := make([]presage.PartQuantityAt, 0, len(x.Lines)+len(moves))
	for _, m := range moves {
		touched = append(touched, presage.PartQuantityAt{DepotID: m.DepotID, Part: m.Part})
	}
	for i, l := range x.Lines {
		_, err := tx.ExecContext(ctx, `UPDATE shipment_lines SET picked = $3, received = $4, missing = $5, open_pieces = $6
			WHERE shipment_id = $1 AND line = $2`, x.ID, l.Line, l.Picked, l.Received, l.Missing, x.Open(l))
		if err != nil {
			return err
		}
		touched = append(touched, presage.PartQuantityAt{
			DepotID: x.To, Part: l.Part, Quantity: x.Open(l) - before.Open(before.Lines[i]),
		})
	}
	if err := addOnOrder(ctx, tx, touched); err != nil {
		return err
	}
	if x.State == presage.ShipmentPicked {
		return unbooked(ctx, tx, moves)
	}
	return nil
}

// unbooked is an ErrConflict that names every part of which fewer pieces are free than are
// taken: those that visits were promised stay. The rows are locked already.
func unbooked(ctx context.Context, tx *sql.Tx, moves []presage.StockMovement) error {
	taken := map[string]int{}
	for _, m := range moves {
		taken[m.Part] -= m.Pieces
	}
	var faults []error
	for i, m := range moves {
		if slices.ContainsFunc(moves[:i], func(o presage.StockMovement) bool { return o.Part == m.Part }) {
			continue
		}
		free, err := one(ctx, tx, scanCount, `SELECT on_hand - reserved FROM stock WHERE depot_id = $1 AND part = $2`,
			m.DepotID, m.Part)
		if err != nil {
			return err
		}
		if int(free) < taken[m.Part] {
			faults = append(faults, fmt.Errorf("part %s: %w: %d pieces: only %d of depot %s are free", m.Part,
				presage.ErrConflict, taken[m.Part], max(free, 0), m.DepotID))
		}
	}
	return errors.Join(faults...)
}

// Shipment returns a transfer, or ErrNotFound.
func (s *Store) Shipment(ctx context.Context, id string) (presage.Shipment, error) {
	x, err := shipmentOf(ctx, s.r, id)
	return x, wrap(err, "transfer "+id)
}

func shipmentOf(ctx context.Context, db reader, id string) (presage.Shipment, error) {
	xs, err := shipmentsBy(ctx, db, choose(`SELECT `+shipmentColumns+` FROM shipments`).and("id = ?", id), 1)
	if err == nil && len(xs) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return presage.Shipment{}, err
	}
	return xs[0], nil
}

// Shipments lists transfers, the newest first. ErrNotFound if there is none of the ID in After.
func (s *Store) Shipments(ctx context.Context, f presage.ShipmentFilter) ([]presage.Shipment, error) {
	q := choose(`SELECT `+shipmentColumns+` FROM shipments`).is("state", string(f.State))
	if f.DepotID != "" {
		q.and("(from_depot = ? OR to_depot = ?)", f.DepotID)
	}
	if f.Open {
		q.text.WriteString(" AND state IN ('proposed', 'picked', 'in_transit')")
	}
	if f.After != "" {
		x, err := s.Shipment(ctx, f.After)
		if err != nil {
			return nil, err
		}
		mark := q.arg(micros(x.CreatedAt))
		q.and("(created_at < "+mark+" OR created_at = "+mark+" AND id < ?)", f.After)
	}
	xs, err := shipmentsBy(ctx, s.r, q, f.Limit)
	return xs, wrap(err, "list transfers")
}

// shipmentsBy reads the transfers of a selection with their lines.
func shipmentsBy(ctx context.Context, db reader, q *selection, limit int) ([]presage.Shipment, error) {
	xs, err := chosen(ctx, db, func(r row) (x presage.Shipment, err error) {
		err = r.Scan(&x.ID, &x.From, &x.To, &x.State, &x.By, &x.Note, instant{&x.CreatedAt}, instant{&x.UpdatedAt},
			instant{&x.PickedAt}, instant{&x.Expected}, &x.ShippedBy, instant{&x.ShippedAt})
		return x, err
	}, q.order("created_at DESC, id DESC", limit))
	for i := range xs {
		if err == nil {
			xs[i].Lines, err = all(ctx, db, func(r row) (l presage.ShipmentLine, err error) {
				err = r.Scan(&l.Line, &l.Part, &l.Quantity, &l.Picked, &l.Received, &l.Missing)
				return l, err
			}, `SELECT line, part, quantity, picked, received, missing FROM shipment_lines
				WHERE shipment_id = $1 ORDER BY line`, xs[i].ID)
		}
	}
	return xs, err
}
