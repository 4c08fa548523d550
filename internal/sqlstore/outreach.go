package sqlstore

import (
	"context"
	"slices"

	"presage"
)

// CasesOf lists the newest cases of a customer.
func (s *Store) CasesOf(ctx context.Context, customerID string, limit int) ([]presage.Case, error) {
	return s.Cases(ctx, presage.CaseFilter{CustomerID: customerID, Limit: limit})
}

// BookingsOf lists the bookings of a case, the newest first.
func (s *Store) BookingsOf(ctx context.Context, caseID string) ([]presage.Booking, error) {
	bookings, err := s.Bookings(ctx, presage.BookingFilter{CaseID: caseID})
	slices.SortStableFunc(bookings, func(a, b presage.Booking) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return bookings, err
}

// MessagesOf lists the messages of a case, the newest first.
func (s *Store) MessagesOf(ctx context.Context, caseID string) ([]presage.Message, error) {
	return s.Messages(ctx, presage.MessageFilter{CaseID: caseID})
}

// FiringWatches lists the watch rules that fire, of one vehicle or, for "", of all.
func (s *Store) FiringWatches(ctx context.Context, vin presage.VIN) ([]presage.WatchState, error) {
	return s.WatchFired(ctx, presage.AlertFilter{VIN: vin, Firing: true})
}

// StockOf lists the whole stock of a depot.
func (s *Store) StockOf(ctx context.Context, depotID string) ([]presage.Stock, error) {
	return s.Stock(ctx, presage.StockFilter{DepotID: depotID})
}
