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

// A database from before letters had an identity: they stay, each of them once,
// also two that are equal, and a new one like them is a letter of its own.
func TestLettersFromBeforeTheirIdentity(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	before, err := migrations.New(goose.DialectSQLite3, db)
	must(t, err)
	_, err = before.UpTo(t.Context(), 8)
	must(t, err)
	for _, stmt := range []string{
		`INSERT INTO dead_letters VALUES (1, 1000000, 'a', x'7b', 'malformed_json', 'old', 0, '')`,
		`INSERT INTO dead_letters VALUES (2, 2000000, 'a', x'7b', 'malformed_json', 'old', 0, '')`,
		`INSERT INTO dead_letters VALUES (3, 3000000, 'b', x'7b', 'bad_value', 'old', 0, 'V')`,
		`INSERT INTO dead_letters VALUES (4, 4000000, 'c', x'7b', 'bad_value', 'old', 5000000, 'V')`,
		`UPDATE counters SET last = 4 WHERE name = 'dead_letters'`,
	} {
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatalf("%s: %v", stmt, err)
		}
	}
	must(t, db.Close())

	s := sqltest.OpenURL(t, path)
	must(t, s.PutDeadLetters(t.Context(), []presage.DeadLetter{
		{Received: noon(), Topic: "a", Payload: []byte("{"), Reason: "malformed_json"},
	}))
	held, err := s.HeldLetters(t.Context(), "", 0)
	must(t, err)
	same(t, "counted for its bound", held, []presage.HeldLetters{
		{VIN: "V", Reason: "bad_value", Kept: 1, Bytes: 1, Last: time.Unix(3, 0).UTC()},
	})
	got, err := s.DeadLetters(t.Context(), presage.DeadLetterFilter{Reason: "malformed_json"})
	must(t, err)
	type row struct{ ID, Times, First, Last int64 }
	var rows []row
	for _, d := range got {
		rows = append(rows, row{d.ID, d.Times, d.Received.Unix(), d.LastReceived.Unix()})
	}
	same(t, "letters", rows, []row{{1, 1, 1, 1}, {2, 1, 2, 2}, {5, 1, noon().Unix(), noon().Unix()}})
}

// The plan from before levels stays until the next one, and goes back as it was.
func TestPlanFromBeforeItsLevels(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	planFromBeforeItsLevels(t, db, goose.DialectSQLite3, path)
}

// planFromBeforeItsLevels needs an empty database, db, that url opens too.
func planFromBeforeItsLevels(t *testing.T, db *sql.DB, dialect goose.Dialect, url string) {
	t.Helper()
	before, err := migrations.New(dialect, db)
	must(t, err)
	_, err = before.UpTo(t.Context(), 10)
	must(t, err)
	const body = `{"part":"PAD","depot_id":"d1","mean":2.5,"order_now":4}`
	_, err = db.ExecContext(t.Context(), `INSERT INTO part_forecasts (part, depot_id, body) VALUES ('PAD', 'd1', '`+body+`')`)
	must(t, err)

	s := sqltest.OpenURL(t, url)
	want := presage.PartForecast{Part: "PAD", DepotID: "d1", Mean: 2.5, OrderNow: 4}
	got, err := s.PartForecasts(t.Context(), presage.ForecastFilter{Level: "depot"})
	must(t, err)
	same(t, "forecasts", got, []presage.PartForecast{want})
	one, err := s.PlannedPart(t.Context(), "PAD", "d1", "")
	must(t, err)
	same(t, "planned", one, presage.PlannedPart{Forecast: want, Weeks: []presage.DemandStep{}})
	_, err = s.PutOverride(t.Context(), presage.DemandOverride{Part: "PAD", DepotID: "d1", Days: 7, CreatedAt: noon()})
	must(t, err)

	_, err = before.DownTo(t.Context(), 10)
	must(t, err)
	var back string
	must(t, db.QueryRowContext(t.Context(), `SELECT body FROM part_forecasts WHERE part = 'PAD' AND depot_id = 'd1'`).Scan(&back))
	same(t, "body", back, body)
	_, err = before.Up(t.Context())
	must(t, err)
	must(t, db.Close())
}

// Roll-ups from before they were packed stay as they were, and go back.
func TestRollupsFromBeforeTheyWerePacked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	rollupsFromBeforeTheyWerePacked(t, db, goose.DialectSQLite3, path)
}

// rollupsFromBeforeTheyWerePacked needs an empty database, db, that url opens too.
func rollupsFromBeforeTheyWerePacked(t *testing.T, db *sql.DB, dialect goose.Dialect, url string) {
	t.Helper()
	before, err := migrations.New(dialect, db)
	must(t, err)
	_, err = before.UpTo(t.Context(), 65)
	must(t, err)
	const insert = `INSERT INTO rollups (vin, day, samples, first_at, last_at, features) VALUES
		('V1', 20000, 7, 1728000001000000, 1728000002000000, '{"odometer_km":20000.123456,"of_a_later_release":-1e-9}'),
		('V1', 20040, 8, 1731456003000000, 1731456004000000, '{}'),
		('V2', 20000, 9, 1728000005000001, 1728000006000000, '{"hv_warning_level":3}')`
	_, err = db.ExecContext(t.Context(), insert)
	must(t, err)

	s := sqltest.OpenURL(t, url)
	day := func(vin presage.VIN, d presage.Day, samples int, first, last int64, features map[string]float64) presage.Rollup {
		return presage.Rollup{
			VIN: vin, Day: d, Samples: samples, First: time.UnixMicro(first).UTC(), Last: time.UnixMicro(last).UTC(), Features: features,
		}
	}
	got, err := s.Rollups(t.Context(), "V1", 0, 30000)
	must(t, err)
	same(t, "roll-ups of V1", got, []presage.Rollup{
		day("V1", 20000, 7, 1728000001000000, 1728000002000000, map[string]float64{"odometer_km": 20000.123456, "of_a_later_release": -1e-9}),
		day("V1", 20040, 8, 1731456003000000, 1731456004000000, map[string]float64{}),
	})
	got, err = s.Rollups(t.Context(), "V2", 20000, 20000)
	must(t, err)
	same(t, "roll-ups of V2", got, []presage.Rollup{
		day("V2", 20000, 9, 1728000005000001, 1728000006000000, map[string]float64{"hv_warning_level": 3}),
	})

	again, err := migrations.New(dialect, db)
	must(t, err)
	_, err = again.DownTo(t.Context(), 65)
	must(t, err)
	var n, samples int
	var features string
	must(t, db.QueryRowContext(t.Context(), `SELECT COUNT(*), SUM(samples) FROM rollups`).Scan(&n, &samples))
	must(t, db.QueryRowContext(t.Context(), `SELECT features FROM rollups WHERE vin = 'V2'`).Scan(&features))
	same(t, "days, samples and features of V2 gone back", []any{n, samples, features}, []any{3, 24, `{"hv_warning_level":3}`})
}

// Prognoses from before they stood in one row a vehicle stay as they were, and go back.
func TestPrognosesFromBeforeOneRowAVehicle(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	prognosesFromBeforeOneRowAVehicle(t, db, goose.DialectSQLite3, path)
}

// prognosesFromBeforeOneRowAVehicle needs an empty database, db, that url opens too.
func prognosesFromBeforeOneRowAVehicle(t *testing.T, db *sql.DB, dialect goose.Dialect, url string) {
	t.Helper()
	before, err := migrations.New(dialect, db)
	must(t, err)
	_, err = before.UpTo(t.Context(), 68)
	must(t, err)
	const (
		tyre = `{"vin":"V1","component":"tyre_leak","status":"due","fail_within":{"30d":0.7}}`
		oil  = `{"vin":"V1","component":"engine_oil","status":"ok"}`
	)
	_, err = db.ExecContext(t.Context(), `INSERT INTO prognoses (vin, component, as_of, status, badness, fail30, body, service) VALUES
		('V1', 'tyre_leak', 5, 'due', 4, 0.7, '`+tyre+`', 0), ('V1', 'engine_oil', 5, 'ok', 0, 0.1, '`+oil+`', 1)`)
	must(t, err)

	s := sqltest.OpenURL(t, url)
	got, err := s.Prognoses(t.Context(), "V1")
	must(t, err)
	same(t, "prognoses", got, []presage.Prognosis{
		{VIN: "V1", Component: "engine_oil", Status: presage.StatusOK},
		{VIN: "V1", Component: presage.TyreLeak, Status: presage.StatusDue, FailWithin: presage.FailWithin{D30: 0.7}},
	})
	urgent, err := s.Urgent(t.Context(), 0)
	must(t, err)
	same(t, "urgent", urgent, got[1:])

	again, err := migrations.New(dialect, db)
	must(t, err)
	_, err = again.DownTo(t.Context(), 68)
	must(t, err)
	var body, status string
	must(t, db.QueryRowContext(t.Context(), `SELECT body, status FROM prognoses WHERE component = 'tyre_leak'`).Scan(&body, &status))
	same(t, "gone back", []string{body, status}, []string{tyre, "due"})
}
