package sqlstore_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/migrations"
	"presage/internal/sqlstore/sqltest"
)

func device(customer, id, token string, at time.Time) presage.Device {
	return presage.Device{
		ID: id, CustomerID: customer, Platform: presage.Android, Token: presage.Secret(token), RegisteredAt: at, SeenAt: at,
	}
}

// tokens are those of a customer, the last seen first.
func tokens(t *testing.T, s *sqlstore.Store, customer string) string {
	t.Helper()
	ds, err := s.Devices(t.Context(), customer)
	must(t, err)
	text := ""
	for _, d := range ds {
		text += d.ID + ":" + d.Token.Reveal() + " "
	}
	c, err := s.Customer(t.Context(), customer)
	must(t, err)
	same(t, "devices of the customer", c.Devices, len(ds))
	return text
}

func devices(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	register := func(d presage.Device) presage.Device {
		t.Helper()
		kept, err := s.RegisterDevice(ctx, d)
		must(t, err)
		return kept
	}
	_, err := s.RegisterDevice(ctx, device("c1", "d1", "t1", noon()))
	wantKind(t, err, presage.ErrNotFound)
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c1", Zone: "UTC"}, {ID: "c2", Zone: "UTC"}}))
	later := noon().Add(time.Hour)
	register(device("c1", "d1", "t1", noon()))
	if again := register(device("c1", "d1", "t1b", later)); !again.RegisteredAt.Equal(noon()) || !again.SeenAt.Equal(later) {
		t.Errorf("registered again: %+v", again)
	}
	same(t, "after a new token", tokens(t, s, "c1"), "d1:t1b ")
	register(device("c1", "d2", "t2", noon()))
	register(device("c2", "d9", "t2", noon()))
	same(t, "a token that moved leaves", tokens(t, s, "c1"), "d1:t1b ")
	same(t, "and is with", tokens(t, s, "c2"), "d9:t2 ")

	must(t, s.PutDevices(ctx, []presage.Device{
		device("c1", "imported", "t2", later), device("c2", "imported", "t3", noon()),
	}))
	same(t, "an import takes no token from the app", tokens(t, s, "c1"), "d1:t1b ")
	must(t, s.PutDevices(ctx, []presage.Device{device("c2", "imported", "t4", later)}))
	same(t, "an import replaces its own", tokens(t, s, "c2"), "imported:t4 d9:t2 ")

	must(t, s.DropToken(ctx, "t4"))
	must(t, s.DropToken(ctx, "t4"))
	must(t, s.RemoveDevice(ctx, "c2", "d9"))
	wantKind(t, s.RemoveDevice(ctx, "c2", "d9"), presage.ErrNotFound)
	same(t, "all are gone", tokens(t, s, "c2"), "")
}

func deviceBound(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	must(t, s.PutCustomers(t.Context(), []presage.Customer{{ID: "c1", Zone: "UTC"}}))
	for i := range 22 {
		_, err := s.RegisterDevice(t.Context(), device("c1", fmt.Sprint("d", i), fmt.Sprint("t", i), noon().Add(time.Duration(i)*time.Minute)))
		must(t, err)
	}
	ds, err := s.Devices(t.Context(), "c1")
	must(t, err)
	same(t, "devices that are kept", len(ds), 20)
}

// A token from before there were devices is one device of its customer.
func TestPushTokensFromBeforeDevices(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "presage.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	before, err := migrations.New(goose.DialectSQLite3, db)
	must(t, err)
	_, err = before.UpTo(t.Context(), 25)
	must(t, err)
	for id, token := range map[string]string{"c1": "t1", "c2": "", "c3": "t3"} {
		_, err := db.ExecContext(t.Context(), `INSERT INTO customers (id, name, lang, phone, push_token, zone, tier,
			consent_push, consent_sms, consent_call, consent_changed_at, consent_source)
			VALUES ($1, '', 'en', '', $2, 'UTC', '', TRUE, FALSE, FALSE, 0, '')`, id, token)
		must(t, err)
	}
	must(t, db.Close())
	s := sqltest.OpenURL(t, path)
	for id, want := range map[string]string{"c1": "imported:t1 ", "c2": "", "c3": "imported:t3 "} {
		same(t, id, tokens(t, s, id), want)
	}
}
