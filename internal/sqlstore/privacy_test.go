package sqlstore_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

const secretName, secretWords, secretPhone = "Erika Mustermann", "my neighbour Heinz drives it", "+4915112345678"

// livedThrough gives customer c1 a car, a case with words in it, a message, a
// reply, a STOP, a visit and its result.
func livedThrough(t *testing.T, s *sqlstore.Store) presage.Case {
	t.Helper()
	ctx := t.Context()
	must(t, s.PutCustomers(ctx, []presage.Customer{{
		ID: "c1", Name: secretName, Phone: secretPhone, Zone: "Europe/Berlin",
		Consent: presage.Consent{SMS: true, ChangedAt: noon(), Source: "contract"},
	}}))
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1), Plate: "HM-42 E", CustomerID: "c1"}}))
	c := mustOpen(t, s, 1)
	must(t, s.PutMessages(ctx, []presage.Message{{
		ID: "m1", Key: "offer/o1/sms", CaseID: c.ID, VIN: c.VIN, CustomerID: "c1", Kind: "offer",
		Channel: presage.ChannelSMS, Body: "Dear " + secretName, Link: "https://x/o/token", State: presage.MessagePlanned,
		NotBefore: noon(), CreatedAt: noon(),
	}}))
	must(t, s.PutReply(ctx, presage.Reply{At: noon(), CustomerID: "c1", Channel: presage.ChannelSMS, Text: secretWords}))
	must(t, s.SetConsent(ctx, "c1", presage.Consent{
		ChangedAt: noon(), Source: "sms STOP", Stopped: presage.Channels{SMS: true},
	}))
	must(t, s.MoveCase(ctx, c.ID, presage.CaseChange{}, presage.CaseEvent{
		CaseID: c.ID, At: noon(), From: presage.CaseOpen, To: presage.CaseDeclined,
		Reason: presage.Because(presage.WhyDeclined, "text", secretWords),
	}))
	return c
}

func erased(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	c := livedThrough(t, s)
	data, err := s.PersonalData(ctx, "c1")
	must(t, err)
	var all strings.Builder
	for _, table := range data.Tables {
		for _, row := range table.Rows {
			all.Write(row)
		}
	}
	for _, want := range []string{secretName, secretWords, secretPhone, "HM-42 E", string(vin(1)), "sms STOP", "2026-"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("the export lacks %q", want)
		}
	}

	done, err := s.EraseCustomer(ctx, "c1", "the customer, by letter", noon().Add(time.Hour))
	must(t, err)
	found := map[string]presage.ErasedTable{}
	for _, x := range done.Tables {
		found[x.Name] = x
	}
	if found["replies"].Done != presage.ErasedDeleted || found["cases"].Done != presage.ErasedAliased ||
		found["vehicles"].Done != presage.ErasedDetached || found["suppressions"].Rows != 1 {
		t.Errorf("told %+v", done)
	}
	_, err = s.Customer(ctx, "c1")
	wantKind(t, err, presage.ErrNotFound)
	_, err = s.PersonalData(ctx, "c1")
	wantKind(t, err, presage.ErrNotFound)
	ms, err := s.MessagesOf(ctx, c.ID)
	must(t, err)
	if len(ms) != 1 || ms[0].Body != "" || ms[0].Link != "" || ms[0].CustomerID != done.Alias ||
		ms[0].State != presage.MessageSuppressed {
		t.Errorf("the message that stays: %+v", ms)
	}
	v, err := s.Vehicle(ctx, vin(1))
	must(t, err)
	same(t, "the vehicle's customer", v.CustomerID, "")

	// The STOP still stands for whoever imports the number again.
	if stops, err := s.Suppressed(ctx, secretPhone); err != nil || len(stops) != 0 {
		t.Errorf("the number is still in clear: %v, %v", stops, err)
	}
	must(t, s.PutCustomers(ctx, []presage.Customer{{
		ID: "c9", Phone: secretPhone, Consent: presage.Consent{SMS: true, ChangedAt: noon().AddDate(1, 0, 0)},
	}}))
	again, err := s.Customer(ctx, "c9")
	must(t, err)
	if again.Consent.SMS || !again.Consent.Stopped.SMS {
		t.Errorf("an import after the erasure opens a stopped number: %+v", again.Consent)
	}
}

func consentHistory(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx, day := t.Context(), 24*time.Hour
	c := presage.Customer{ID: "c1", Phone: secretPhone, Consent: presage.Consent{
		Push: true, SMS: true, ChangedAt: noon(), Source: "contract", Evidence: "contract 4711",
	}}
	must(t, s.PutCustomers(ctx, []presage.Customer{c}))
	must(t, s.PutFleet(ctx, presage.Fleet{Customers: []presage.Customer{c}})) // nothing new
	safety := presage.Limits{presage.PurposeService: {SMS: true}, presage.PurposeMarketing: {}}
	must(t, s.SetConsent(ctx, "c1", presage.Consent{
		Push: true, SMS: true, ChangedAt: noon().Add(day), Source: "letter", Evidence: "scan 17", Purposes: safety,
	}))
	must(t, s.SetConsent(ctx, "c1", presage.Consent{
		ChangedAt: noon().Add(2 * day), Source: "sms STOP", Evidence: "SM1", Purposes: safety,
		Stopped: presage.Channels{Push: true, SMS: true}, Preferred: []presage.ChannelName{"sms", "push"},
	}))
	must(t, s.PutCustomers(ctx, []presage.Customer{c})) // an older list changes no wish
	must(t, s.Resume(ctx, "c1", presage.Consent{SMS: true, ChangedAt: noon().Add(3 * day), Source: "sms START"}))
	both := []presage.ChannelName{"sms", "push"}
	got, err := s.ConsentHistory(ctx, "c1")
	must(t, err)
	same(t, "history", got, []presage.ConsentRecord{
		{At: noon().Add(3 * day), Push: true, SMS: true, Purposes: safety, Preferred: both, Source: "sms START"},
		{At: noon().Add(2 * day), Purposes: safety, Preferred: both, Source: "sms STOP", Evidence: "SM1"},
		{At: noon().Add(day), Push: true, SMS: true, Purposes: safety, Source: "letter", Evidence: "scan 17"},
		{At: noon(), Push: true, SMS: true, Source: "contract", Evidence: "contract 4711"},
	})
	now, err := s.Customer(ctx, "c1")
	must(t, err)
	order := []presage.ChannelName{"push"}
	must(t, s.ChangeConsent(ctx, "c1", presage.ConsentStep{
		Preferred: &order, Seen: &now.Consent.ChangedAt, At: noon().Add(4 * day), Source: "adviser", Evidence: "Mia",
	}))
	got, err = s.ConsentHistory(ctx, "c1")
	must(t, err)
	same(t, "the order alone", got[0], presage.ConsentRecord{
		At: noon().Add(4 * day), Push: true, SMS: true, Purposes: safety, Preferred: order, Source: "adviser", Evidence: "Mia",
	})
	same(t, "preferred channels", now.Consent.Preferred, []presage.ChannelName{"sms", "push"})
	if now.Consent.Agrees(presage.PurposeService, presage.ChannelPush) ||
		!now.Consent.Agrees(presage.PurposeService, presage.ChannelSMS) ||
		!now.Consent.Agrees(presage.PurposeSafety, presage.ChannelPush) ||
		now.Consent.Agrees(presage.PurposeMarketing, presage.ChannelSMS) {
		t.Errorf("%+v", now.Consent)
	}
	_, err = s.ConsentHistory(ctx, "nobody")
	wantKind(t, err, presage.ErrNotFound)
}

func erasureWaits(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c1", Name: secretName}}))
	mustOpen(t, s, 1)
	_, err := s.EraseCustomer(ctx, "c1", "x", noon())
	wantKind(t, err, presage.ErrConflict)
	_, err = s.Customer(ctx, "c1")
	must(t, err)
	_, err = s.EraseCustomer(ctx, "nobody", "x", noon())
	wantKind(t, err, presage.ErrNotFound)
}

// No text of the database holds a trace of who was erased.
func TestErasureLeavesNoTrace(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "presage.db")
	s := sqltest.OpenURL(t, url)
	livedThrough(t, s)
	must(t, s.PutSetting(t.Context(), "canary", "found"))
	if _, err := s.EraseCustomer(t.Context(), "c1", "x", noon()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", url)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	for table, columns := range schema(t, db) {
		for _, column := range columns {
			for _, trace := range []string{"Mustermann", "Heinz", "15112345678", "/o/token", "HM-42", "c1"} {
				var n int
				must(t, db.QueryRowContext(t.Context(),
					`SELECT COUNT(*) FROM `+table+` WHERE CAST(`+column+` AS TEXT) LIKE $1`, trace+"%").Scan(&n))
				if trace != "c1" {
					must(t, db.QueryRowContext(t.Context(),
						`SELECT COUNT(*) FROM `+table+` WHERE CAST(`+column+` AS TEXT) LIKE $1`, "%"+trace+"%").Scan(&n))
				}
				if n > 0 {
					t.Errorf("%s.%s still holds %q", table, column, trace)
				}
			}
		}
	}
}

// A table that knows customers and that erasure does not know is a fault.
func TestEveryTableOfCustomersIsErased(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "presage.db")
	s := sqltest.OpenURL(t, url)
	must(t, s.PutCustomers(t.Context(), []presage.Customer{{ID: "c1"}}))
	data, err := s.PersonalData(t.Context(), "c1")
	must(t, err)
	var known []string
	for _, table := range data.Tables {
		known = append(known, table.Name)
	}
	db, err := sql.Open("sqlite", url)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	tables := schema(t, db)
	if len(tables) < 30 {
		t.Fatalf("only %d tables seen", len(tables))
	}
	delete(tables, "duties") // its token counts changes of hands, and is no device's
	for table, columns := range tables {
		for _, column := range []string{"customer_id", "customer", "phone", "email", "push_token", "token"} {
			if slices.Contains(columns, column) && !slices.Contains(known, table) {
				t.Errorf("table %s has a column %s and is not in personalTables", table, column)
			}
		}
	}
}

// schema lists the columns of each table of a SQLite database.
func schema(t *testing.T, db *sql.DB) map[string][]string {
	t.Helper()
	names := texts(t.Context(), t, db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	tables := map[string][]string{}
	for _, name := range names {
		tables[name] = texts(t.Context(), t, db, `SELECT name FROM pragma_table_info('`+name+`')`)
	}
	return tables
}

func texts(ctx context.Context, t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(ctx, query)
	must(t, err)
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		out = append(out, s)
	}
	must(t, rows.Err())
	return out
}
