//go:build integration

package orders_test

import (
	"testing"

	"presage/internal/sqlstore/sqltest"
)

func TestPostgres(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	for _, sc := range scenarios() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			sc.run(t, newWorld(t, sqltest.OpenURL(t, server.NewDatabase(t))))
		})
	}
}
