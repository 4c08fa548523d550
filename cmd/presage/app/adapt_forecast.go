package app

import (
	"context"
	"time"

	"presage"
	"presage/forecast"
	"presage/internal/sqlstore"
)

// forecastStore is the SQL store in the forecast's words.
type forecastStore struct{ *sqlstore.Store }

var _ forecast.Store = forecastStore{}

// Snapshot reads from one moment of the store.
func (s forecastStore) Snapshot(ctx context.Context, f func(forecast.Reads) error) error {
	return s.Store.Snapshot(ctx, func(at *sqlstore.Store) error { return f(forecastStore{at}) })
}

// AllVehicles lists the whole fleet.
func (s forecastStore) AllVehicles(ctx context.Context) ([]presage.Vehicle, error) {
	return allVehicles(ctx, s.Store)
}

// ActiveCases lists every case that has not ended.
func (s forecastStore) ActiveCases(ctx context.Context) ([]presage.Case, error) {
	return casesIn(ctx, s.Store,
		presage.CaseOpen, presage.CaseOffered, presage.CaseBooked, presage.CaseArrived, presage.CaseEscalated)
}

// BookingsBetween lists bookings in every state that start in [from, to).
func (s forecastStore) BookingsBetween(ctx context.Context, from, to time.Time) ([]presage.Booking, error) {
	return s.Bookings(ctx, sqlstore.BookingFilter{From: from, To: to})
}

// AllStock lists every part at every depot.
func (s forecastStore) AllStock(ctx context.Context) ([]presage.Stock, error) {
	return s.Stock(ctx, sqlstore.StockFilter{})
}

// AllPartUse lists the use of all parts at all depots.
func (s forecastStore) AllPartUse(ctx context.Context, from, to presage.Day) ([]presage.PartUse, error) {
	return s.PartUse(ctx, "", "", from, to)
}
