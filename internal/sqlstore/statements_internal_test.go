package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"presage"
)

// numbers is a file with a table of the numbers 1, 2, 3, over one connection.
func numbers(t *testing.T) *sql.DB {
	t.Helper()
	db, err := openFile(t.Context(), filepath.Join(t.TempDir(), "numbers.db"), 1, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, stmt := range []string{
		"CREATE TABLE numbers (n INTEGER PRIMARY KEY)", "INSERT INTO numbers VALUES (1), (2), (3)",
	} {
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// upTo runs one statement, always the same text.
func upTo(t *testing.T, db reader, limit int) []int {
	t.Helper()
	ns, err := all(t.Context(), db, func(r row) (n int, err error) { return n, r.Scan(&n) },
		"SELECT n FROM numbers WHERE n <= $1 ORDER BY n", limit)
	if err != nil {
		t.Fatal(err)
	}
	return ns
}

// idle are the statements that the only connection of db keeps.
func idle(t *testing.T, db *sql.DB) map[string]keptStmt {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]keptStmt{}
	err = c.Raw(func(raw any) error {
		mine, ok := raw.(*keptConn)
		if !ok {
			return fmt.Errorf("the connection is a %T", raw)
		}
		kept = mine.idle
		return nil
	})
	if err = errors.Join(err, c.Close()); err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestKeptStatementRunsAgainWithOtherArguments(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	for _, want := range []int{3, 0, 2, 1, 3} {
		if ns := upTo(t, db, want); len(ns) != want {
			t.Errorf("%v, want the first %d numbers", ns, want)
		}
	}
	if n := len(idle(t, db)); n != 2 {
		t.Errorf("%d statements are kept, want the INSERT and the SELECT", n)
	}
}

// A statement runs anew while the rows of its first run are being read.
func TestKeptStatementRunsWithinItsOwnRows(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		outer := 0
		rows, err := tx.QueryContext(t.Context(), "SELECT n FROM numbers WHERE n <= $1 ORDER BY n", 3)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			outer++
			if ns := upTo(t, tx, outer); len(ns) != outer {
				t.Errorf("%v within row %d", ns, outer)
			}
		}
		if err := rows.Err(); err != nil || outer != 3 {
			t.Errorf("%d rows of 3, %v", outer, err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Error(err)
	}
}

func TestKeptStatementAfterAFaultAndAChangeOfTheTable(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	insert := func(n int) error {
		_, err := db.ExecContext(t.Context(), "INSERT INTO numbers (n) VALUES ($1)", n)
		return err
	}
	if err := insert(4); err != nil {
		t.Fatal(err)
	}
	if err := insert(4); !errors.Is(kindOf(err), presage.ErrConflict) {
		t.Errorf("a duplicate number: %v", err)
	}
	upTo(t, db, 3)
	if _, err := db.ExecContext(t.Context(), "ALTER TABLE numbers ADD COLUMN name TEXT"); err != nil {
		t.Fatal(err)
	}
	if err := insert(5); err != nil {
		t.Fatal(err)
	}
	if ns := upTo(t, db, 9); len(ns) != 5 {
		t.Errorf("%v, want 1 to 5", ns)
	}
}

func TestKeptStatementsAreBounded(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	for i := range keptStatements + 50 {
		stmt := fmt.Sprintf("SELECT n + %d FROM numbers", i)
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	kept := idle(t, db)
	if len(kept) != keptStatements {
		t.Errorf("%d statements are kept, want %d", len(kept), keptStatements)
	}
	if _, last := kept[fmt.Sprintf("SELECT n + %d FROM numbers", keptStatements+49)]; !last {
		t.Error("the last statement is not kept")
	}
}
