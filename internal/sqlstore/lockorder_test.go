package sqlstore_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// Workshops are locked in the order of their IDs, in whatever order they are put: two
// writers of several do not wait for each other.
func TestWorkshopsAreLockedInOneOrder(t *testing.T) {
	t.Parallel()
	s, locked := watched(t, "workshops", "id")
	shops := []presage.Workshop{{ID: "w3", Zone: "UTC"}, {ID: "w1", Zone: "UTC"}, {ID: "w2", Zone: "UTC"}}
	must(t, s.PutFleet(t.Context(), presage.Fleet{Workshops: shops}))
	must(t, s.PutFleet(t.Context(), presage.Fleet{Workshops: shops}))
	same(t, "locked", locked(), []string{"w1", "w2", "w3"})
}

// So are shelves, in whatever order an order names them: another that names them the other
// way round would wait for it, and it for the other.
func TestShelvesAreLockedInOneOrder(t *testing.T) {
	t.Parallel()
	s, locked := watched(t, "stock", "part")
	o := placed("o1") // PAD, then OIL
	putOrders(t, s, "k", o)
	_, err := act(t, s, "o1 a", presage.ActReceive, presage.OrderActLine{Line: 1, Pieces: 1}, presage.OrderActLine{Line: 2, Pieces: 1})
	must(t, err)
	same(t, "locked", locked(), []string{"OIL", "PAD", "OIL", "PAD", "OIL", "PAD"}) // placed, on order less, on the shelf more
}

// watched is a store that notes in which order rows of a table are written.
func watched(t *testing.T, table, column string) (*sqlstore.Store, func() []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	s := sqltest.OpenURL(t, path)
	db, err := sql.Open("sqlite", path)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	for _, text := range []string{
		`CREATE TABLE touched (n INTEGER PRIMARY KEY, id TEXT)`,
		`CREATE TRIGGER lock_order AFTER UPDATE ON ` + table + ` BEGIN INSERT INTO touched (id) VALUES (new.` + column + `); END`,
	} {
		_, err := db.ExecContext(t.Context(), text)
		must(t, err)
	}
	return s, func() []string {
		rows, err := db.QueryContext(t.Context(), `SELECT id FROM touched ORDER BY n`)
		must(t, err)
		defer func() { must(t, rows.Close()) }()
		var order []string
		for rows.Next() {
			var id string
			must(t, rows.Scan(&id))
			order = append(order, id)
		}
		must(t, rows.Err())
		return slices.Compact(order)
	}
}
