//go:build integration

package outreach_test

import (
	"testing"

	"presage/internal/sqlstore/sqltest"
)

// The same scripts on PostgreSQL, each in a database of its own.
func TestScenariosOnPostgres(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	playAll(t, func(t *testing.T) sqlStore {
		t.Helper()
		return sqlStore{sqltest.OpenURL(t, server.NewDatabase(t))}
	})
}
