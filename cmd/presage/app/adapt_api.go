package app

import (
	"context"
	"time"

	"presage"
	"presage/api/port"
	"presage/internal/sqlstore"
)

// apiStore is the SQL store in the API's words.
type apiStore struct{ *sqlstore.Store }

var (
	_ port.Vehicles    = apiStore{}
	_ port.Fleet       = apiStore{}
	_ port.Cases       = apiStore{}
	_ port.Bookings    = apiStore{}
	_ port.Messages    = apiStore{}
	_ port.DeadLetters = apiStore{}
)

// Vehicles lists vehicles by VIN.
func (s apiStore) Vehicles(ctx context.Context, f port.VehicleFilter) ([]presage.Vehicle, error) {
	return s.Store.Vehicles(ctx, sqlstore.VehicleFilter(f))
}

// Cases lists cases, the newest first.
func (s apiStore) Cases(ctx context.Context, f port.CaseFilter) ([]presage.Case, error) {
	return s.Store.Cases(ctx, sqlstore.CaseFilter(f))
}

// Bookings lists bookings by start.
func (s apiStore) Bookings(ctx context.Context, f port.BookingFilter) ([]presage.Booking, error) {
	return s.Store.Bookings(ctx, sqlstore.BookingFilter(f))
}

// Messages lists messages, the newest first.
func (s apiStore) Messages(ctx context.Context, f port.MessageFilter) ([]presage.Message, error) {
	return s.Store.Messages(ctx, sqlstore.MessageFilter(f))
}

// DeadLetters lists dead letters by ID, of each the head of its payload.
func (s apiStore) DeadLetters(ctx context.Context, f port.DeadLetterFilter) ([]presage.DeadLetter, error) {
	return s.DeadLetterHeads(ctx, sqlstore.DeadLetterFilter(f))
}

// Overview counts over the whole fleet.
func (s apiStore) Overview(
	ctx context.Context, heardSince time.Time, silence presage.Silence,
) (port.Overview, error) {
	o, err := s.Store.Overview(ctx, heardSince, silence)
	if err != nil {
		return port.Overview{}, err
	}
	health := make([]port.HealthCount, len(o.Health))
	for i, h := range o.Health {
		health[i] = port.HealthCount(h)
	}
	return port.Overview{
		Vehicles: o.Vehicles, Heard: o.Heard, Silent: o.Silent, ByStatus: o.ByStatus, Health: health, Cases: o.Cases,
		Avoided: o.Outcomes[presage.OutcomeConfirmed], Occurred: o.Breakdowns,
		OpenParts: o.ToOrder,
	}, nil
}
