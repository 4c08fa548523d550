package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"presage"
)

const orderColumns = `id, depot_id, part, quantity, ordered_at, expected_at, received_at`

// PutOrder inserts a purchase order and adds its pieces to the stock on order.
// ErrConflict if the order is known, ErrInvalid if its quantity is not positive.
func (s *Store) PutOrder(ctx context.Context, o presage.PurchaseOrder) error {
	return s.inTx(ctx, "put purchase order "+o.ID, func(tx *sql.Tx) error { return insertOrder(ctx, tx, o) })
}

func insertOrder(ctx context.Context, tx *sql.Tx, o presage.PurchaseOrder) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO purchase_orders (`+orderColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		o.ID, o.DepotID, o.Part, o.Quantity, micros(o.OrderedAt), micros(o.ExpectedAt))
	if err != nil {
		return err
	}
	if err := keepPart(ctx, tx, o.DepotID, o.Part); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE stock SET on_order = on_order + $3 WHERE depot_id = $1 AND part = $2`,
		o.DepotID, o.Part, o.Quantity)
	return err
}

// keepPart makes a row of stock where there is none.
func keepPart(ctx context.Context, tx *sql.Tx, depotID, part string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO stock (depot_id, part, on_hand, reserved, on_order)
		VALUES ($1, $2, 0, 0, 0) ON CONFLICT (depot_id, part) DO NOTHING`, depotID, part)
	return err
}

// ReceiveOrders puts the pieces of orders expected by now on the shelf and
// returns how many orders that were. An order is received once.
func (s *Store) ReceiveOrders(ctx context.Context, now time.Time) (int, error) {
	var n int
	err := s.inTx(ctx, "receive purchase orders", func(tx *sql.Tx) error {
		arrived, err := all(ctx, tx, scanOrder, `UPDATE purchase_orders SET received_at = $1
			WHERE received_at = 0 AND expected_at <= $1 RETURNING `+orderColumns, micros(now))
		if err != nil {
			return err
		}
		n = len(arrived)
		const stmt = `UPDATE stock SET on_hand = on_hand + $3,
			on_order = CASE WHEN on_order > $3 THEN on_order - $3 ELSE 0 END WHERE depot_id = $1 AND part = $2`
		return each(ctx, tx, stmt, arrived, func(o presage.PurchaseOrder) ([]any, error) {
			return []any{o.DepotID, o.Part, o.Quantity}, nil
		})
	})
	return n, err
}

// OpenOrders lists orders on their way by the day they are expected. Empty
// depot or part: all of them.
func (s *Store) OpenOrders(ctx context.Context, depot, part string) ([]presage.PurchaseOrder, error) {
	q := choose(`SELECT `+orderColumns+` FROM purchase_orders`).
		is("depot_id", depot).is("part", part).and("received_at = ?", 0).order("expected_at, id", everything)
	os, err := chosen(ctx, s.r, scanOrder, q)
	return os, wrap(err, "list open orders")
}

// ReceivedOrders lists orders that arrived at since or later, by when they did:
// the lead times that were.
func (s *Store) ReceivedOrders(ctx context.Context, since time.Time) ([]presage.PurchaseOrder, error) {
	os, err := all(ctx, s.r, scanOrder, `SELECT `+orderColumns+` FROM purchase_orders
		WHERE received_at > 0 AND received_at >= $1 ORDER BY received_at, id`, micros(since))
	return os, wrap(err, "list received orders")
}

func scanOrder(r row) (presage.PurchaseOrder, error) {
	var o presage.PurchaseOrder
	err := r.Scan(&o.ID, &o.DepotID, &o.Part, &o.Quantity,
		instant{&o.OrderedAt}, instant{&o.ExpectedAt}, instant{&o.ReceivedAt})
	return o, err
}
