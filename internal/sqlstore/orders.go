package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"presage"
)

// PutOrder inserts a placed order of one line and adds its pieces to the stock on
// order. ErrConflict if the order is known, ErrInvalid if its quantity is not positive.
func (s *Store) PutOrder(ctx context.Context, o presage.PurchaseOrder) error {
	return s.inTx(ctx, "put purchase order "+o.ID, func(tx *sql.Tx) error { return insertOrder(ctx, tx, o) })
}

// bySelf is who makes the orders that no person makes.
const bySelf = "presage"

func insertOrder(ctx context.Context, tx *sql.Tx, p presage.PurchaseOrder) error {
	o := presage.Order{
		ID: p.ID, DepotID: p.DepotID, Supplier: p.Supplier, By: bySelf, CreatedAt: p.OrderedAt, UpdatedAt: p.OrderedAt,
		Lines: []presage.OrderLine{{
			Line: 1, Part: p.Part, Quantity: p.Quantity, PlacedAt: placedAt(p), PromisedAt: p.ExpectedAt,
			ExpectedAt: p.ExpectedAt,
		}},
	}
	return createOrders(ctx, tx, []presage.Order{o}, "")
}

// placedAt is when an order of the service's own was placed: it is, even where nobody said when.
func placedAt(p presage.PurchaseOrder) time.Time {
	if p.OrderedAt.IsZero() {
		return p.ExpectedAt
	}
	return p.OrderedAt
}

// keepPart makes a row of stock where there is none.
func keepPart(ctx context.Context, tx *sql.Tx, depotID, part string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO stock (depot_id, part, on_hand, reserved, on_order)
		VALUES ($1, $2, 0, 0, 0) ON CONFLICT (depot_id, part) DO NOTHING`, depotID, part)
	return err
}

// OpenOrders lists what is on its way, from suppliers and from other depots, by the day on
// which it is expected, each with the pieces that are still to come. Empty depot or part: all of them.
func (s *Store) OpenOrders(ctx context.Context, depot, part string) ([]presage.PurchaseOrder, error) {
	q := choose(`SELECT c.id, c.depot_id, c.part, c.open_pieces, c.ordered_at, c.expected_at, 0, c.from_depot,
		COALESCE((SELECT o.supplier FROM purchase_orders p JOIN orders o ON o.id = p.order_id WHERE p.id = c.id), '')
		FROM coming c`).is("c.depot_id", depot).is("c.part", part).order("c.expected_at, c.id", everything)
	os, err := chosen(ctx, s.r, scanOrder, q)
	return os, wrap(err, "list open orders")
}

// ProposedPieces lists the pieces of orders that are proposed and neither placed nor
// cancelled, by depot and part.
func (s *Store) ProposedPieces(ctx context.Context, f presage.StockFilter) ([]presage.PartQuantityAt, error) {
	q := choose(`SELECT depot_id, part, CAST(SUM(quantity - cancelled) AS BIGINT) FROM purchase_orders`).
		is("depot_id", f.DepotID).is("part", f.Part).and("ordered_at = 0 AND quantity > cancelled + ?", 0)
	q.text.WriteString(" GROUP BY depot_id, part")
	ps, err := chosen(ctx, s.r, func(r row) (p presage.PartQuantityAt, err error) {
		err = r.Scan(&p.DepotID, &p.Part, &p.Quantity)
		return p, err
	}, q.order("depot_id, part", everything))
	return ps, wrap(err, "list proposed pieces")
}

// ReceivedOrders lists what arrived whole, the last of it at since or later, by when it
// did: the lead times that were.
func (s *Store) ReceivedOrders(ctx context.Context, since time.Time) ([]presage.PurchaseOrder, error) {
	os, err := all(ctx, s.r, scanOrder, `SELECT p.id, p.depot_id, p.part, p.received, p.ordered_at, p.expected_at,
		p.received_at, '', o.supplier FROM purchase_orders p JOIN orders o ON o.id = p.order_id
		WHERE p.received_at > 0 AND p.received_at >= $1 AND p.open_pieces = 0
		ORDER BY p.received_at, p.id`, micros(since))
	return os, wrap(err, "list received orders")
}

func scanOrder(r row) (presage.PurchaseOrder, error) {
	var o presage.PurchaseOrder
	err := r.Scan(&o.ID, &o.DepotID, &o.Part, &o.Quantity,
		instant{&o.OrderedAt}, instant{&o.ExpectedAt}, instant{&o.ReceivedAt}, &o.From, &o.Supplier)
	return o, err
}
