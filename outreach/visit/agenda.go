package visit

import (
	"context"
	"time"

	"presage"
	"presage/outreach/rules"
)

// Agenda knows what a visit takes and when it could be. Its fields are set
// once, before its first use.
type Agenda struct {
	Store     AgendaStore
	Catalogue *presage.Catalogue
	Rules     rules.Current
	Now       func() time.Time
	// Holiday tells whether the day of local is a public holiday in a country; nil for none.
	Holiday func(country string, local time.Time) bool
	// Whereabouts tells where cars stand; nil: nobody knows, and no van is sent.
	Whereabouts Whereabouts
}

// AgendaStore tells what is taken and when parts can be had.
type AgendaStore interface {
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
	// Busy returns what is taken of a workshop's bays and technicians.
	Busy(ctx context.Context, workshopID string, from, to time.Time) ([]presage.Busy, error)
	Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error)
	// FirstFixes counts what each technician of a workshop mended at the first visit.
	FirstFixes(ctx context.Context, workshopID string) ([]presage.FirstFixes, error)
	// Held lists, by time, what open offers keep for their customers.
	Held(ctx context.Context, f presage.HeldTimeFilter) ([]presage.HeldTime, error)
	// HeldParts is what open offers keep of a depot's parts, by part number.
	HeldParts(ctx context.Context, depotID string, now time.Time, except string) (map[string]int, error)
	// StockOf returns the whole stock of a depot.
	StockOf(ctx context.Context, depotID string) ([]presage.Stock, error)
	// Sourcing is who sells which parts and when.
	Sourcing(ctx context.Context) (presage.Sourcing, error)
	// OpenOrders returns the orders of a part that have not arrived.
	OpenOrders(ctx context.Context, depotID, part string) ([]presage.PurchaseOrder, error)
}
