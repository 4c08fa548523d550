package port

import (
	"context"
	"time"

	"presage"
)

// Vehicles reads the fleet.
type Vehicles interface {
	// Vehicle returns one vehicle; ErrNotFound if it is not registered.
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	// Vehicles returns at most f.Limit vehicles in ascending order of VIN.
	Vehicles(ctx context.Context, f presage.VehicleFilter) ([]presage.Vehicle, error)
	// Events returns the newest events of a vehicle, newest first.
	Events(ctx context.Context, vin presage.VIN, limit int) ([]presage.Event, error)
}

// Places reads customers, workshops and depots.
type Places interface {
	Customer(ctx context.Context, id string) (presage.Customer, error)
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
	Depots(ctx context.Context) ([]presage.Depot, error)
}

// Health reads what is known about the components of a vehicle.
type Health interface {
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	// Rollups returns the days [from, to] in ascending order.
	Rollups(ctx context.Context, vin presage.VIN, from, to presage.Day) ([]presage.Rollup, error)
	Labels(ctx context.Context, vin presage.VIN) ([]presage.Label, error)
}

// Fleet answers for all vehicles at once.
type Fleet interface {
	// Overview counts; Heard counts vehicles whose last event time is not before heardSince.
	// Silent counts by silence.
	Overview(ctx context.Context, heardSince time.Time, silence presage.Silence) (presage.Overview, error)
	// Urgent returns each vehicle's most urgent prognosis, the most urgent
	// vehicle first: due before watch, then by the 30-day failure probability.
	Urgent(ctx context.Context, limit int) ([]presage.Prognosis, error)
}
