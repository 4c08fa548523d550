package outreach_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/outreach"
	"presage/outreach/booking"
)

// sqlStore is the real store in outreach's words: the tests run on SQLite.
type sqlStore struct{ *sqlstore.Store }

var _ outreach.Store = sqlStore{}

func openStore(t *testing.T) sqlStore {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), t.TempDir()+"/presage.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return sqlStore{s}
}

func change(c outreach.CaseChange) sqlstore.CaseChange {
	return sqlstore.CaseChange{DueAt: c.DueAt, Owner: c.Owner, Components: c.Components, Severity: c.Severity}
}

func (s sqlStore) AmendCase(ctx context.Context, id string, c outreach.CaseChange, ev presage.CaseEvent) error {
	return s.Store.AmendCase(ctx, id, change(c), ev)
}

func (s sqlStore) FiringWatches(ctx context.Context, vin presage.VIN) ([]presage.WatchState, error) {
	return s.WatchFired(ctx, sqlstore.WatchFilter{VIN: vin, Firing: true})
}

func (s sqlStore) MoveCase(ctx context.Context, id string, c outreach.CaseChange, ev presage.CaseEvent) error {
	return s.Store.MoveCase(ctx, id, ev.From, ev.To, change(c), ev)
}

func (s sqlStore) ChangeCase(ctx context.Context, id string, c outreach.CaseChange, at time.Time) error {
	return s.Store.ChangeCase(ctx, id, change(c), at)
}

func (s sqlStore) CasesIn(ctx context.Context, states ...presage.CaseState) ([]presage.Case, error) {
	all, err := s.Cases(ctx, sqlstore.CaseFilter{})
	return slices.DeleteFunc(all, func(c presage.Case) bool { return !slices.Contains(states, c.State) }), err
}

func (s sqlStore) CasesOf(ctx context.Context, customerID string, limit int) ([]presage.Case, error) {
	return s.Cases(ctx, sqlstore.CaseFilter{CustomerID: customerID, Limit: limit})
}

func (s sqlStore) MessagesOf(ctx context.Context, caseID string) ([]presage.Message, error) {
	return s.Messages(ctx, sqlstore.MessageFilter{CaseID: caseID})
}

func (s sqlStore) Reserve(ctx context.Context, r outreach.Reservation) (presage.Booking, error) {
	return s.Store.Reserve(ctx, sqlstore.Reservation{
		Booking: r.Booking, Bays: r.Bays, Technicians: r.Technicians, DepotID: r.DepotID, Parts: r.Booking.Parts,
		Now: r.Now, Event: r.Event, CaseDueAt: r.Change.DueAt, CaseOwner: r.Change.Owner, OfferID: r.OfferID,
		Messages: r.Messages, ArrivalOf: r.ArrivalOf,
	})
}

func (s sqlStore) BookingsOf(ctx context.Context, caseID string) ([]presage.Booking, error) {
	bs, err := s.Bookings(ctx, sqlstore.BookingFilter{CaseID: caseID})
	slices.SortFunc(bs, func(a, b presage.Booking) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return bs, err
}

func (s sqlStore) Busy(ctx context.Context, workshopID string, from, to time.Time) ([]booking.Busy, error) {
	rows, err := s.Store.Busy(ctx, workshopID, from, to)
	busy := make([]booking.Busy, len(rows))
	for i, r := range rows {
		busy[i] = booking.Busy(r)
	}
	return busy, err
}

func (s sqlStore) StockOf(ctx context.Context, depotID string) ([]presage.Stock, error) {
	return s.Stock(ctx, sqlstore.StockFilter{DepotID: depotID})
}
