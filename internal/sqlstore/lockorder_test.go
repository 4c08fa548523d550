package sqlstore_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"presage"
	"presage/internal/sqlstore/sqltest"
)

// Workshops are locked in the order of their IDs, in whatever order they are put: two
// writers of several do not wait for each other.
func TestWorkshopsAreLockedInOneOrder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	s := sqltest.OpenURL(t, path)
	shops := []presage.Workshop{{ID: "w3", Zone: "UTC"}, {ID: "w1", Zone: "UTC"}, {ID: "w2", Zone: "UTC"}}
	must(t, s.PutFleet(t.Context(), presage.Fleet{Workshops: shops}))
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	for _, text := range []string{
		`CREATE TABLE touched (n INTEGER PRIMARY KEY, id TEXT)`,
		`CREATE TRIGGER lock_order AFTER UPDATE ON workshops BEGIN INSERT INTO touched (id) VALUES (new.id); END`,
	} {
		_, err := db.ExecContext(t.Context(), text)
		must(t, err)
	}
	must(t, s.PutFleet(t.Context(), presage.Fleet{Workshops: shops}))
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
	same(t, "locked", slices.Compact(order), []string{"w1", "w2", "w3"})
}
