package port

import (
	"context"

	"presage"
)

// Registry takes in what an operator knows: who and what there is.
type Registry interface {
	// PutFleet stores all rows or none; those with a known key are replaced. Of
	// stock it takes what is on hand and on order; what bookings reserved stays.
	PutFleet(ctx context.Context, f presage.Fleet) error
	// CustomersKnown tells which of the IDs are of known customers.
	CustomersKnown(ctx context.Context, ids []string) (map[string]bool, error)
}
