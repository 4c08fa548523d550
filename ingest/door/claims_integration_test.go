//go:build integration

package door_test

import (
	"testing"

	"presage/internal/sqlstore/sqltest"
)

func TestVehicleMovesToAnotherDoorOnPostgres(t *testing.T) {
	t.Parallel()
	server := sqltest.StartPostgres(t)
	for _, version := range []byte{4, 5} {
		vehicleMoves(t, sqltest.OpenURL(t, server.NewDatabase(t)), version)
	}
}
