package port

import (
	"context"
	"time"

	"presage"
)

// VehicleFilter selects vehicles; zero fields select everything.
type VehicleFilter struct {
	CustomerID string
	WorkshopID string
	Status     presage.Status  // of the worst prognosis
	Silent     presage.Silence // not heard from in time; the zero value selects all
	Query      string          // part of VIN, make or model; case does not matter
	After      presage.VIN     // keyset: only VINs behind this one, ascending
	Limit      int             // 1-500
}

// Vehicles reads the fleet.
type Vehicles interface {
	// Vehicle returns one vehicle; ErrNotFound if it is not registered.
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	// Vehicles returns at most f.Limit vehicles in ascending order of VIN.
	Vehicles(ctx context.Context, f VehicleFilter) ([]presage.Vehicle, error)
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

// HealthCount is a number of vehicles with one component in one status.
type HealthCount struct {
	Component presage.ComponentID `json:"component"`
	Status    presage.Status      `json:"status"`
	Vehicles  int                 `json:"vehicles"`
}

// Overview is the state of the whole fleet in numbers.
type Overview struct {
	Vehicles  int                       `json:"vehicles"`
	Heard     int                       `json:"heard"`      // heard from since the asked time
	Silent    int                       `json:"silent"`     // not heard from in time: nothing is known of them
	ByStatus  map[presage.Status]int    `json:"by_status"`  // vehicles by their worst prognosis
	Health    []HealthCount             `json:"health"`     // vehicles by component and status
	Cases     map[presage.CaseState]int `json:"cases"`      // cases by state, ended ones too
	Avoided   int                       `json:"avoided"`    // findings at a booked visit that confirmed a prognosis
	Occurred  int                       `json:"occurred"`   // findings "failed": broke down before a visit
	OpenParts int                       `json:"open_parts"` // part and depot pairs that should be ordered now
}

// Fleet answers for all vehicles at once.
type Fleet interface {
	// Overview counts; Heard counts vehicles whose last event time is not before heardSince.
	// Silent counts by silence.
	Overview(ctx context.Context, heardSince time.Time, silence presage.Silence) (Overview, error)
	// Urgent returns each vehicle's most urgent prognosis, the most urgent
	// vehicle first: due before watch, then by the 30-day failure probability.
	Urgent(ctx context.Context, limit int) ([]presage.Prognosis, error)
}
