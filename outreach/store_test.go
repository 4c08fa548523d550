package outreach_test

import (
	"testing"

	"presage/internal/sqlstore"
	"presage/outreach"
)

// sqlStore is the real store: the tests run on SQLite.
type sqlStore struct{ *sqlstore.Store }

var _ outreach.Store = (*sqlstore.Store)(nil)

func openStore(t *testing.T) sqlStore {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), t.TempDir()+"/presage.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return sqlStore{s}
}
