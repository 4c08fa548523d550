//go:build integration

package sqlstore_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"presage"
	"presage/api/problem"
	"presage/internal/sqlstore/sqltest"
)

func TestPostgres(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	for _, sc := range scenarios() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			sc.run(t, sqltest.OpenURL(t, server.NewDatabase(t)))
		})
	}
}

// A database of an earlier release is brought up to date with what it holds.
func TestPostgresUpgrades(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	all := map[string]func(t *testing.T, db *sql.DB, dialect goose.Dialect, url string){
		"plan from before its levels": planFromBeforeItsLevels, "orders from before they had lines": ordersFromBeforeTheyHadLines,
		"roll-ups from before they were packed":   rollupsFromBeforeTheyWerePacked,
		"prognoses from before one row a vehicle": prognosesFromBeforeOneRowAVehicle,
		"rows from before shards":                 rowsFromBeforeShards, "sentences become reasons": sentencesBecomeReasons,
		"older version on a newer schema": func(t *testing.T, db *sql.DB, _ goose.Dialect, url string) {
			t.Helper()
			olderOnNewer(t, db, url)
		},
	}
	for _, u := range upgrades() {
		all[u.name] = u.run
	}
	for name, upgrade := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := server.NewDatabase(t)
			db, err := sql.Open("pgx", url)
			must(t, err)
			upgrade(t, db, goose.DialectPostgres, url)
		})
	}
}

func TestOutage(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	s := sqltest.OpenURL(t, server.NewDatabase(t))
	must(t, s.PutSetting(t.Context(), "k", "v"))
	server.Stop()
	wantKind(t, s.Ready(t.Context()), presage.ErrUnavailable)
	for range 20 { // over connections that were cut and new ones that are refused
		wantKind(t, s.PutSetting(t.Context(), "k", "w"), presage.ErrUnavailable)
		wantKind(t, s.MarkDirty(t.Context(), []presage.VehicleDay{{VIN: vin(1)}}), presage.ErrUnavailable)
		_, err := s.Vehicles(t.Context(), presage.VehicleFilter{})
		wantKind(t, err, presage.ErrUnavailable)
	}
}

// What only the database finds is told in plain words; its own are for the log.
func TestPostgresWords(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	s := sqltest.OpenURL(t, server.NewDatabase(t))
	_, err := s.Case(t.Context(), "a\x00b")
	wantKind(t, err, presage.ErrInvalid)
	if text := problem.Text(err); strings.Contains(text, "SQLSTATE") || !strings.Contains(err.Error(), "SQLSTATE") {
		t.Errorf("told %q, logged %v", text, err)
	}
	wantKind(t, s.PutFleet(t.Context(), presage.Fleet{
		Depots: []presage.Depot{{ID: "new"}}, Customers: []presage.Customer{{ID: "a\x00b"}},
	}), presage.ErrInvalid)
	if ds, err := s.Depots(t.Context()); err != nil || len(ds) != 0 {
		t.Errorf("depots %v, %v: a fleet with a fault left some behind", ds, err)
	}
	server.Stop()
	_, err = s.Case(t.Context(), "c")
	wantKind(t, err, presage.ErrUnavailable)
	if text := problem.Text(err); strings.Contains(text, "127.0.0.1") || strings.Contains(text, "presage") {
		t.Errorf("told %q", text)
	}
}

func TestTwoNodesMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := sqltest.StartPostgres(t).NewDatabase(t)
	for range 4 {
		t.Run("node", func(t *testing.T) {
			t.Parallel()
			must(t, sqltest.OpenURL(t, url).Ready(t.Context()))
		})
	}
}
