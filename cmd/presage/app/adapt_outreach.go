package app

import (
	"context"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/outreach"
	"presage/outreach/booking"
)

// outreachStore is the SQL store in outreach's words.
type outreachStore struct{ *sqlstore.Store }

var _ outreach.Store = outreachStore{}

// MoveCase moves from the event's state to its next.
func (s outreachStore) MoveCase(
	ctx context.Context, id string, change outreach.CaseChange, ev presage.CaseEvent,
) error {
	return s.Store.MoveCase(ctx, id, ev.From, ev.To, caseChange(change), ev)
}

func caseChange(c outreach.CaseChange) sqlstore.CaseChange {
	return sqlstore.CaseChange{DueAt: c.DueAt, Owner: c.Owner, Components: c.Components, Severity: c.Severity}
}

// AmendCase changes a case and notes why.
func (s outreachStore) AmendCase(
	ctx context.Context, id string, change outreach.CaseChange, ev presage.CaseEvent,
) error {
	return s.Store.AmendCase(ctx, id, caseChange(change), ev)
}

// FiringWatches lists the watch rules that fire.
func (s outreachStore) FiringWatches(ctx context.Context, vin presage.VIN) ([]presage.WatchState, error) {
	return s.WatchFired(ctx, presage.AlertFilter{VIN: vin, Firing: true})
}

// ChangeCase changes a case without moving it.
func (s outreachStore) ChangeCase(ctx context.Context, id string, change outreach.CaseChange, at time.Time) error {
	return s.Store.ChangeCase(ctx, id, caseChange(change), at)
}

// CasesIn lists all cases in the states, however many.
func (s outreachStore) CasesIn(ctx context.Context, states ...presage.CaseState) ([]presage.Case, error) {
	return casesIn(ctx, s.Store, states...)
}

// CasesOf lists the newest cases of a customer.
func (s outreachStore) CasesOf(ctx context.Context, customerID string, limit int) ([]presage.Case, error) {
	return s.Cases(ctx, presage.CaseFilter{CustomerID: customerID, Limit: limit})
}

// casesIn reads page by page.
func casesIn(ctx context.Context, s *sqlstore.Store, states ...presage.CaseState) ([]presage.Case, error) {
	var all []presage.Case
	for _, state := range states {
		f := presage.CaseFilter{State: state, Limit: page}
		for {
			cases, err := s.Cases(ctx, f)
			if err != nil {
				return nil, err
			}
			all = append(all, cases...)
			if len(cases) < page {
				break
			}
			f.BeforeID = cases[len(cases)-1].ID
		}
	}
	return all, nil
}

// Reserve sells a slot.
func (s outreachStore) Reserve(ctx context.Context, r outreach.Reservation) (presage.Booking, error) {
	return s.Store.Reserve(ctx, sqlstore.Reservation{
		Booking: r.Booking, Bays: r.Bays, Technicians: r.Technicians, DepotID: r.DepotID, Parts: r.Booking.Parts,
		Now: r.Now, Event: r.Event, CaseDueAt: r.Change.DueAt, CaseOwner: r.Change.Owner,
		OfferID: r.OfferID, Messages: r.Messages, ArrivalOf: r.ArrivalOf,
	})
}

// BookingsOf lists the bookings of a case, the newest first.
func (s outreachStore) BookingsOf(ctx context.Context, caseID string) ([]presage.Booking, error) {
	bookings, err := s.Bookings(ctx, presage.BookingFilter{CaseID: caseID})
	if err != nil {
		return nil, err
	}
	newestFirst(bookings)
	return bookings, nil
}

// Busy lists what is taken of a workshop.
func (s outreachStore) Busy(ctx context.Context, workshopID string, from, to time.Time) ([]booking.Busy, error) {
	rows, err := s.Store.Busy(ctx, workshopID, from, to)
	if err != nil {
		return nil, err
	}
	busy := make([]booking.Busy, len(rows))
	for i, r := range rows {
		busy[i] = booking.Busy(r)
	}
	return busy, nil
}

// MessagesOf lists the messages of a case, the newest first.
func (s outreachStore) MessagesOf(ctx context.Context, caseID string) ([]presage.Message, error) {
	return s.Messages(ctx, presage.MessageFilter{CaseID: caseID})
}

// StockOf lists the whole stock of a depot.
func (s outreachStore) StockOf(ctx context.Context, depotID string) ([]presage.Stock, error) {
	return s.Stock(ctx, presage.StockFilter{DepotID: depotID})
}
