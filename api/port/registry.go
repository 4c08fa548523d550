package port

import (
	"context"

	"presage"
)

// Registry takes in what an operator knows: who and what there is. Rows with a
// known key are replaced.
type Registry interface {
	PutVehicles(ctx context.Context, vs []presage.Vehicle) error
	PutCustomers(ctx context.Context, cs []presage.Customer) error
	Network
}

// Network is where vehicles are repaired and parts come from.
type Network interface {
	PutWorkshops(ctx context.Context, ws []presage.Workshop) error
	PutDepots(ctx context.Context, ds []presage.Depot) error
	// PutStock takes what is on hand and on order; what bookings reserved stays.
	PutStock(ctx context.Context, ss []presage.Stock) error
}
