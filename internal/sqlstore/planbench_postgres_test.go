//go:build integration

package sqlstore_test

import (
	"testing"

	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

func BenchmarkPostgresKeepPlan(b *testing.B) {
	server := sqltest.StartPostgres(b)
	benchKeepPlan(b, func(tb testing.TB) *sqlstore.Store {
		tb.Helper()
		return sqltest.OpenURL(tb, server.NewDatabase(tb))
	})
}
