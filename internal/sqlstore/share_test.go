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

// Vehicles, dirty days and marks from before shards, or of a process of an earlier
// release, belong to nobody's share until they are assigned; then each to one.
func TestRowsFromBeforeShards(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	rowsFromBeforeShards(t, db, goose.DialectSQLite3, path)
}

// rowsFromBeforeShards needs an empty database, db, that url opens too.
func rowsFromBeforeShards(t *testing.T, db *sql.DB, dialect goose.Dialect, url string) {
	t.Helper()
	before, err := migrations.New(dialect, db)
	must(t, err)
	_, err = before.UpTo(t.Context(), 79)
	must(t, err)
	for _, stmt := range []string{
		`INSERT INTO vehicles (vin, make, model, model_year, powertrain, in_service, pack_capacity_ah, customer_id,
			workshop_id, auto_registered, last_seen) VALUES ($1, '', '', 0, '', 0, 0, '', '', FALSE, 0)`,
		`INSERT INTO dirty_days (vin, day, seq, first_seq) VALUES ($1, 20000, 1, 1)`,
		`INSERT INTO outdated (vin, mark) VALUES ($1, 'x')`,
	} {
		for i := range 40 {
			_, err := db.ExecContext(t.Context(), stmt, string(vin(i)))
			must(t, err)
		}
	}
	must(t, db.Close())

	s := sqltest.OpenURL(t, url)
	ds, err := s.Duties(t.Context())
	must(t, err)
	if len(ds) != presage.Shards+3 {
		t.Errorf("%d duties", len(ds))
	}
	count := func() (n [3]int) {
		seen := map[presage.VIN]int{}
		for shard := range presage.Shards {
			part := s.On([]presage.Duty{{Name: presage.ShardDuty(shard)}})
			vs, err := part.Vehicles(t.Context(), presage.VehicleFilter{})
			must(t, err)
			days, err := part.DirtyDays(t.Context(), 0)
			must(t, err)
			marks, err := part.Outdated(t.Context(), 0)
			must(t, err)
			for _, v := range vs {
				if seen[v.VIN]++; v.VIN.Shard() != shard {
					t.Errorf("%s is listed for shard %d", v.VIN, shard)
				}
			}
			n = [3]int{n[0] + len(vs), n[1] + len(days), n[2] + len(marks)}
		}
		return n
	}
	same(t, "before they are assigned", count(), [3]int{})
	must(t, s.AssignShards(t.Context()))
	same(t, "assigned", count(), [3]int{40, 40, 40})
	must(t, s.PutVehicles(t.Context(), []presage.Vehicle{{VIN: vin(40)}}))
	must(t, s.MarkDirty(t.Context(), []presage.VehicleDay{{VIN: vin(40)}}))
	must(t, s.TouchVehicles(t.Context(), map[presage.VIN]time.Time{vin(41): noon()}))
	must(t, s.PutCredentials(t.Context(), []presage.Credential{{VIN: vin(42), Hash: "h"}}))
	same(t, "and what is new", count(), [3]int{43, 41, 42})
	all, err := s.Vehicles(t.Context(), presage.VehicleFilter{})
	must(t, err)
	same(t, "all", len(all), 43)
}

// Any VIN has one shard, and a fleet of neighbours is spread evenly.
func TestShardsAreEven(t *testing.T) {
	t.Parallel()
	counts := make([]int, presage.Shards)
	for i := range 64_000 {
		counts[vin(i).Shard()]++
	}
	for shard, n := range counts {
		if n < 850 || n > 1150 { // 1,000 and five standard deviations
			t.Errorf("shard %d has %d of 64,000 vehicles", shard, n)
		}
	}
}
