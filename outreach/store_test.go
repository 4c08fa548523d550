package outreach_test

import (
	"testing"

	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
	"presage/outreach"
)

// sqlStore is the real store: on SQLite, and the scenarios on PostgreSQL too.
type sqlStore struct{ *sqlstore.Store }

var _ outreach.Store = (*sqlstore.Store)(nil)

func openStore(t *testing.T) sqlStore {
	t.Helper()
	return sqlStore{sqltest.Open(t)}
}
