package sqlstore_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// A rolling upgrade runs two versions side by side. The older one, which stands or is
// started anew, works on a schema that a newer one has widened: a change adds columns
// that have a default, tables and indexes, and takes nothing away before the version
// after.
func TestOlderVersionOnANewerSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	olderOnNewer(t, db, path)
}

func olderOnNewer(t *testing.T, db *sql.DB, url string) {
	t.Helper()
	older := sqltest.OpenURL(t, url)
	works(t, older, 0)
	for _, stmt := range []string{
		`ALTER TABLE vehicles ADD COLUMN of_a_newer_version TEXT NOT NULL DEFAULT ''`,
		`CREATE TABLE of_a_newer_version (id BIGINT PRIMARY KEY)`,
		`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`,
	} {
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatalf("%s: %v", stmt, err)
		}
	}
	works(t, older, 1)
	works(t, sqltest.OpenURL(t, url), 2) // started anew
	var newest int64
	must(t, db.QueryRowContext(t.Context(), `SELECT MAX(version_id) FROM goose_db_version`).Scan(&newest))
	same(t, "the newer version's mark", newest, int64(9999))
	must(t, db.Close())
}

// works writes and reads a vehicle and its session.
func works(t *testing.T, s *sqlstore.Store, n int) {
	t.Helper()
	ctx := t.Context()
	must(t, s.PutFleet(ctx, presage.Fleet{Vehicles: []presage.Vehicle{{VIN: vin(n), Make: "Lingyun"}}}))
	must(t, s.PutSession(ctx, presage.MQTTSession{VIN: vin(n), ClientID: "box", QoS: 1, ExpiresAt: noon().Add(time.Hour)}))
	got, err := s.Vehicle(ctx, vin(n))
	must(t, err)
	same(t, "make", got.Make, "Lingyun")
}
