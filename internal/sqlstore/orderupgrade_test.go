package sqlstore_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"presage"
	"presage/internal/sqlstore/migrations"
	"presage/internal/sqlstore/sqltest"
)

// Orders and stock from before orders had lines and shelves a ledger.
func TestOrdersFromBeforeTheyHadLines(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	ordersFromBeforeTheyHadLines(t, db, goose.DialectSQLite3, path)
}

// ordersFromBeforeTheyHadLines needs an empty database, db, that url opens too.
func ordersFromBeforeTheyHadLines(t *testing.T, db *sql.DB, dialect goose.Dialect, url string) {
	t.Helper()
	ctx := t.Context()
	before, err := migrations.New(dialect, db)
	must(t, err)
	_, err = before.UpTo(ctx, 75)
	must(t, err)
	for _, stmt := range []string{
		`INSERT INTO stock (depot_id, part, on_hand, reserved, on_order) VALUES ('d1', 'PAD', 5, 1, 10), ('d1', 'OIL', 0, 0, 0)`,
		`INSERT INTO purchase_orders (id, depot_id, part, quantity, ordered_at, expected_at, received_at) VALUES
			('open', 'd1', 'PAD', 10, 1000000, 9000000, 0), ('came', 'd1', 'PAD', 4, 1000000, 5000000, 6000000)`,
	} {
		_, err = db.ExecContext(ctx, stmt)
		must(t, err)
	}
	s := sqltest.OpenURL(t, url)
	open, err := s.OpenOrders(ctx, "", "")
	must(t, err)
	at := func(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }
	same(t, "open", open, []presage.PurchaseOrder{{
		ID: "open", DepotID: "d1", Part: "PAD", Quantity: 10, OrderedAt: at(1), ExpectedAt: at(9),
	}})
	came, err := s.ReceivedOrders(ctx, time.Time{})
	must(t, err)
	same(t, "received", came, []presage.PurchaseOrder{{
		ID: "came", DepotID: "d1", Part: "PAD", Quantity: 4, OrderedAt: at(1), ExpectedAt: at(5), ReceivedAt: at(6),
	}})
	o, err := s.ActOrder(ctx, presage.OrderAct{
		Key: "k", OrderID: "open", Kind: presage.ActReceive, At: at(10), Lines: []presage.OrderActLine{{Line: 1, Pieces: 3}},
	}, "d", at(10))
	must(t, err)
	same(t, "left", o.Lines[0].Open, 7)
	same(t, "kinds", balanced(t, s, "PAD"), []presage.MovementKind{presage.MoveOpening, presage.MoveReceipt})
	_, err = before.DownTo(ctx, 75)
	must(t, err)
	var onHand int
	must(t, db.QueryRowContext(ctx, `SELECT on_hand FROM stock WHERE part = 'PAD'`).Scan(&onHand))
	same(t, "on hand", onHand, 8)
	_, err = before.Up(ctx)
	must(t, err)
	must(t, db.Close())
}
