package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

const (
	bookColumns = `id, external_id, depot_id, supplier, state, author, note, created_at, updated_at`
	lineColumns = `order_id, line, part, quantity, received, cancelled, ordered_at, promised_at, expected_at, confirmed_at,
		received_at`
)

// PutOrders keeps orders that one wish made, all or none. The wish is known by its key:
// a repeat returns the orders that were made at first. ErrConflict if the key was used
// for something else, or one of the external IDs is another order's.
func (s *Store) PutOrders(ctx context.Context, act presage.OrderAct, digest string, w presage.OrderWish,
) (kept []presage.Order, err error) {
	err = s.inTx(ctx, "put orders", func(tx *sql.Tx) error {
		repeated, err := onceOnly(ctx, tx, act, digest)
		if err != nil {
			return err
		}
		if repeated {
			kept, err = ordersBy(ctx, tx, choose(`SELECT `+bookColumns+` FROM orders`).and("act_key = ?", act.Key), everything)
			return err
		}
		kept = w.Orders
		if err := putDecisions(ctx, tx, w.Decisions); err != nil {
			return err
		}
		return createOrders(ctx, tx, w.Orders, act.Key)
	})
	return kept, err
}

// createOrders inserts orders; what is placed of them is on order.
func createOrders(ctx context.Context, tx *sql.Tx, os []presage.Order, key string) error {
	var more []presage.PartQuantityAt
	for _, o := range os {
		if err := createOrder(ctx, tx, o, key); err != nil {
			return err
		}
		o.Settle()
		for _, l := range o.Lines {
			more = append(more, presage.PartQuantityAt{DepotID: o.DepotID, Part: l.Part, Quantity: l.Open})
		}
		if err := tellOrder(ctx, tx, o, o.By); err != nil {
			return err
		}
	}
	return addOnOrder(ctx, tx, more)
}

// createOrder inserts an order and its lines.
func createOrder(ctx context.Context, tx *sql.Tx, o presage.Order, key string) error {
	o.Settle()
	if o.ExternalID != "" {
		other, err := one(ctx, tx, scanString, `SELECT id FROM orders WHERE external_id = $1`, o.ExternalID)
		if err == nil {
			return fmt.Errorf("external_id: %w: %q is that of order %s", presage.ErrConflict, o.ExternalID, other)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO orders (`+bookColumns+`, act_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, o.ID, clean(o.ExternalID), o.DepotID, clean(o.Supplier),
		string(o.State), clean(o.By), clean(o.Note), micros(o.CreatedAt), micros(o.UpdatedAt), key)
	if err != nil {
		return err
	}
	for _, l := range o.Lines {
		_, err := tx.ExecContext(ctx, `INSERT INTO purchase_orders (id, depot_id, open_pieces, `+lineColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			lineID(o.ID, l.Line), o.DepotID, l.Open, o.ID, l.Line, l.Part, l.Quantity, l.Received, l.Cancelled,
			micros(l.PlacedAt), micros(l.PromisedAt), micros(l.ExpectedAt), micros(l.ConfirmedAt), micros(l.ReceivedAt))
		if err != nil {
			return err
		}
	}
	return nil
}

// lineID names a line; the first one's name is its order's.
func lineID(order string, line int) string {
	if line == 1 {
		return order
	}
	return order + "/" + strconv.Itoa(line)
}

// addOnOrder adds pieces to what is on order, shelf by shelf in the one order of locks; a
// count may have found less than there was.
func addOnOrder(ctx context.Context, tx *sql.Tx, more []presage.PartQuantityAt) error {
	slices.SortStableFunc(more, func(a, b presage.PartQuantityAt) int {
		return cmp.Or(cmp.Compare(a.DepotID, b.DepotID), cmp.Compare(a.Part, b.Part))
	})
	for _, m := range more {
		if err := keepPart(ctx, tx, m.DepotID, m.Part); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE stock
			SET on_order = CASE WHEN on_order + $3 > 0 THEN on_order + $3 ELSE 0 END
			WHERE depot_id = $1 AND part = $2`, m.DepotID, m.Part, m.Quantity)
		if err != nil {
			return err
		}
	}
	return nil
}

// ActOrder does something to an order once: a repeat of its key changes nothing and
// returns the order as it is. now is when it was written down. ErrNotFound without such
// an order; else see presage.Order.After.
func (s *Store) ActOrder(ctx context.Context, act presage.OrderAct, digest string, now time.Time,
) (o presage.Order, err error) {
	err = s.inTx(ctx, "act on order "+act.OrderID, func(tx *sql.Tx) (err error) {
		_, o, err = actOn(ctx, tx, act, now, func(act presage.OrderAct) (bool, error) {
			return onceOnly(ctx, tx, act, digest)
		})
		return err
	})
	return o, err
}

// actOn does something to an order, unless once tells that it was done before.
func actOn(ctx context.Context, tx *sql.Tx, act presage.OrderAct, now time.Time,
	once func(presage.OrderAct) (bool, error),
) (before, o presage.Order, err error) {
	// The row is written first: whoever acts on the same order waits here.
	err = tx.QueryRowContext(ctx, `UPDATE orders SET state = state
		WHERE id = $1 OR external_id = $1 AND $1 NOT IN (SELECT id FROM orders) RETURNING id`,
		act.OrderID).Scan(&act.OrderID)
	if err != nil {
		return before, o, err
	}
	if before, err = orderOf(ctx, tx, act.OrderID); err != nil {
		return before, o, err
	}
	repeated, err := once(act)
	if err != nil || repeated {
		return before, before, err
	}
	o, moves, err := before.After(act)
	if err != nil {
		return before, o, err
	}
	o.UpdatedAt = now
	if err := saveOrder(ctx, tx, before, o); err != nil {
		return before, o, err
	}
	if err := tellOrder(ctx, tx, o, act.By); err != nil {
		return before, o, err
	}
	_, err = shelve(ctx, tx, moves, act.Key, now)
	return before, o, err
}

// saveOrder writes what an act changed, and what is on order because of it.
func saveOrder(ctx context.Context, tx *sql.Tx, before, o presage.Order) error {
	_, err := tx.ExecContext(ctx, `UPDATE orders SET state = $2, updated_at = $3 WHERE id = $1`,
		o.ID, string(o.State), micros(o.UpdatedAt))
	if err != nil {
		return err
	}
	var more []presage.PartQuantityAt
	for i, l := range o.Lines {
		if l == before.Lines[i] {
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE purchase_orders SET quantity = $3, received = $4, cancelled = $5,
			open_pieces = $6, ordered_at = $7, promised_at = $8, expected_at = $9, confirmed_at = $10, received_at = $11
			WHERE order_id = $1 AND line = $2`, o.ID, l.Line, l.Quantity, l.Received, l.Cancelled, l.Open,
			micros(l.PlacedAt), micros(l.PromisedAt), micros(l.ExpectedAt), micros(l.ConfirmedAt), micros(l.ReceivedAt))
		if err != nil {
			return err
		}
		more = append(more, presage.PartQuantityAt{
			DepotID: o.DepotID, Part: l.Part, Quantity: l.Open - before.Lines[i].Open,
		})
	}
	return addOnOrder(ctx, tx, more)
}

// onceOnly notes an act by its key, and tells whether it was done before. ErrConflict if
// the key was used for something else.
func onceOnly(ctx context.Context, tx *sql.Tx, act presage.OrderAct, digest string) (repeated bool, err error) {
	lines, err := encode(act.Lines)
	if err != nil {
		return false, err
	}
	err = changed(tx.ExecContext(ctx, `INSERT INTO stock_acts (key, order_id, kind, author, note, at, digest, lines)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key) DO NOTHING`,
		act.Key, act.OrderID, string(act.Kind), clean(act.By), clean(act.Note), micros(act.At), digest, clean(lines)))
	if !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	known, err := one(ctx, tx, scanString, `SELECT digest FROM stock_acts WHERE key = $1`, act.Key)
	if err == nil && known != digest {
		err = keyUsed(act.Key)
	}
	return true, err
}

// ActedBefore returns the orders that an act made, where it was done already. ErrConflict
// if the key was used for something else.
func (s *Store) ActedBefore(ctx context.Context, key, digest string) (os []presage.Order, done bool, err error) {
	done, err = s.acted(ctx, key, digest)
	if done {
		os, err = ordersBy(ctx, s.r, choose(`SELECT `+bookColumns+` FROM orders`).and("act_key = ?", key), everything)
	}
	return os, done && err == nil, wrap(err, "orders of an act")
}

// acted tells whether an act was done already. ErrConflict if the key was used for something else.
func (s *Store) acted(ctx context.Context, key, digest string) (bool, error) {
	known, err := one(ctx, s.r, scanString, `SELECT digest FROM stock_acts WHERE key = $1`, key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err == nil && known != digest:
		err = keyUsed(key)
	}
	return err == nil, err
}

func keyUsed(key string) error {
	return fmt.Errorf("key: %w: %q was used for something else; take a new one", presage.ErrConflict, key)
}

// Order returns an order by its ID or its external one, or ErrNotFound.
func (s *Store) Order(ctx context.Context, id string) (presage.Order, error) {
	o, err := orderOf(ctx, s.r, id)
	return o, wrap(err, "order "+id)
}

func orderOf(ctx context.Context, db reader, id string) (presage.Order, error) {
	os, err := ordersBy(ctx, db, choose(`SELECT `+bookColumns+` FROM orders`).
		and("(id = ? OR external_id = ? AND ? NOT IN (SELECT id FROM orders))", id), 1)
	if err == nil && len(os) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return presage.Order{}, err
	}
	return os[0], nil
}

// Orders lists orders, the newest first. ErrNotFound if there is none of the ID in After.
func (s *Store) Orders(ctx context.Context, f presage.OrderFilter) ([]presage.Order, error) {
	q := choose(`SELECT `+bookColumns+` FROM orders`).is("depot_id", f.DepotID).is("state", string(f.State))
	if f.Part != "" {
		q.and("id IN (SELECT order_id FROM purchase_orders WHERE part = ?)", f.Part)
	}
	if f.Open {
		q.and("id IN (SELECT order_id FROM purchase_orders WHERE open_pieces > ?)", 0)
	}
	if !f.Overdue.IsZero() {
		q.and("id IN (SELECT order_id FROM purchase_orders WHERE open_pieces > 0 AND expected_at < ?)", micros(f.Overdue))
	}
	if f.After != "" {
		o, err := s.Order(ctx, f.After)
		if err != nil {
			return nil, err
		}
		mark := q.arg(micros(o.CreatedAt))
		q.and("(created_at < "+mark+" OR created_at = "+mark+" AND id < ?)", f.After)
	}
	os, err := ordersBy(ctx, s.r, q, f.Limit)
	return os, wrap(err, "list orders")
}

// ordersBy reads the orders of a selection with their lines.
func ordersBy(ctx context.Context, db reader, q *selection, limit int) ([]presage.Order, error) {
	os, err := chosen(ctx, db, scanBook, q.order("created_at DESC, id DESC", limit))
	if err != nil || len(os) == 0 {
		return os, err
	}
	at := make(map[string]*presage.Order, len(os))
	for i := range os {
		at[os[i].ID] = &os[i]
	}
	for some := range slices.Chunk(os, 200) {
		if err := linesOf(ctx, db, some, at); err != nil {
			return nil, err
		}
	}
	for i := range os {
		os[i].Settle()
	}
	return os, nil
}

// linesOf reads the lines of some orders into those of their IDs.
func linesOf(ctx context.Context, db reader, some []presage.Order, at map[string]*presage.Order) error {
	q := choose(`SELECT ` + lineColumns + ` FROM purchase_orders`)
	marks := make([]string, len(some))
	for i, o := range some {
		marks[i] = q.arg(o.ID)
	}
	q.text.WriteString(" AND order_id IN (" + strings.Join(marks, ", ") + ")")
	_, err := chosen(ctx, db, func(r row) (l presage.OrderLine, err error) {
		var order string
		err = r.Scan(&order, &l.Line, &l.Part, &l.Quantity, &l.Received, &l.Cancelled, instant{&l.PlacedAt},
			instant{&l.PromisedAt}, instant{&l.ExpectedAt}, instant{&l.ConfirmedAt}, instant{&l.ReceivedAt})
		if err == nil {
			at[order].Lines = append(at[order].Lines, l)
		}
		return l, err
	}, q.order("order_id, line", everything))
	return err
}

func scanBook(r row) (presage.Order, error) {
	var o presage.Order
	var state string
	err := r.Scan(&o.ID, &o.ExternalID, &o.DepotID, &o.Supplier, &state, &o.By, &o.Note,
		instant{&o.CreatedAt}, instant{&o.UpdatedAt})
	o.State = presage.OrderState(state)
	return o, err
}

// OrderActs lists what was done to an order, the oldest first.
func (s *Store) OrderActs(ctx context.Context, id string) ([]presage.OrderAct, error) {
	as, err := all(ctx, s.r, scanAct, `SELECT `+actColumns+` FROM stock_acts WHERE order_id = $1 ORDER BY at, key`, id)
	return as, wrap(err, "acts on order "+id)
}

const actColumns = `key, order_id, kind, author, note, at, lines`

func scanAct(r row) (a presage.OrderAct, err error) {
	err = r.Scan(&a.Key, &a.OrderID, &a.Kind, &a.By, &a.Note, instant{&a.At}, document{&a.Lines})
	return a, err
}
