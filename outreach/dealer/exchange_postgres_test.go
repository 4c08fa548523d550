//go:build integration

package dealer_test

import (
	"testing"

	"presage/internal/sqlstore/sqltest"
)

func TestExchangeWithADealersSystemOnPostgres(t *testing.T) {
	t.Parallel()
	newExchange(t, sqltest.StartPostgres(t).NewDatabase(t)).run()
}
