package app

import (
	"context"

	"presage"
	"presage/internal/sqlstore"
	"presage/outreach"
)

// waits is who wishes an earlier time: outreach takes the wishes, the store lists them.
type waits struct {
	*outreach.Service
	sql *sqlstore.Store
}

func (w waits) WaitingList(ctx context.Context, workshopID string) ([]presage.Waiting, error) {
	return w.sql.Waiting(ctx, workshopID)
}
