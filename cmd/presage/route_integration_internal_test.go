//go:build integration

package main

import (
	"testing"

	"presage/internal/sqlstore/sqltest"
)

// The same on PostgreSQL.
func TestRouteFromPushToCallOnPostgres(t *testing.T) {
	t.Parallel()
	followRoute(t, sqltest.StartPostgres(t).NewDatabase(t))
}
