package forecast

import (
	"context"
	"iter"
	"time"

	"presage"
)

// Fleet tells which vehicles there are, where they are served and what is
// predicted for them.
type Fleet interface {
	AllVehicles(ctx context.Context) ([]presage.Vehicle, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
	AllPrognoses(ctx context.Context) iter.Seq2[presage.Prognosis, error]
}

// Commitments tells what has been offered and promised.
type Commitments interface {
	// ActiveCases returns every case that has not ended.
	ActiveCases(ctx context.Context) ([]presage.Case, error)
	// BookingsBetween returns the bookings of every state that start in [from, to).
	BookingsBetween(ctx context.Context, from, to time.Time) ([]presage.Booking, error)
}

// Shelves tells what lies in the depots and what was taken.
type Shelves interface {
	AllStock(ctx context.Context) ([]presage.Stock, error)
	// AllPartUse returns the use of all parts at all depots on the days [from, to].
	AllPartUse(ctx context.Context, from, to presage.Day) ([]presage.PartUse, error)
}

// Purchasing orders and receives parts.
type Purchasing interface {
	// ReceiveOrders moves what is expected until now onto the shelves and
	// returns the number of orders received.
	ReceiveOrders(ctx context.Context, now time.Time) (int, error)
	// PutOrder keeps the order and adds it to what is on order.
	PutOrder(ctx context.Context, o presage.PurchaseOrder) error
}

// Plans keeps the newest plan.
type Plans interface {
	// PutPartForecasts replaces the plan.
	PutPartForecasts(ctx context.Context, plan []presage.PartForecast) error
}

// Reads is everything that a plan is made from.
type Reads interface {
	Fleet
	Commitments
	Shelves
}

// Store is what the Service works on; sqlstore provides it.
type Store interface {
	// Snapshot hands f what there is to read as it stands at one moment: a
	// booking must not be seen without the parts that it reserved.
	Snapshot(ctx context.Context, f func(Reads) error) error
	Purchasing
	Plans
}
