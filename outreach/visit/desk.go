package visit

import (
	"context"
	"time"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/rules"
)

// Desk sells, moves and frees visits. Its fields are set once, before its first use.
type Desk struct {
	Store     DeskStore
	Files     *Files
	Agenda    *Agenda
	Planner   *contact.Planner
	Catalogue *presage.Catalogue
	Rules     rules.Current
	Now       func() time.Time
}

// DeskStore sells, frees and moves visits.
type DeskStore interface {
	// Reserve takes one bay, one technician and the parts, stores the booking
	// and its messages, moves the case to booked and answers the offer, all or
	// nothing: a visit that it replaces stands until then. ErrConflict names what was gone.
	Reserve(ctx context.Context, r presage.Reservation) (presage.Booking, error)
	// Cancel frees bay, technician and parts, moves the case and answers the offer, all or nothing.
	Cancel(ctx context.Context, c presage.Cancellation) error
	Booking(ctx context.Context, id string) (presage.Booking, error)
	// ReserveNew is Reserve for a case that it opens.
	ReserveNew(
		ctx context.Context, c presage.Case, opened presage.CaseEvent, r presage.Reservation,
	) (presage.Booking, error)
	// LastCases returns the newest cases of a vehicle, newest first.
	LastCases(ctx context.Context, vin presage.VIN, limit int) ([]presage.Case, error)
	// Replan gives a visit another bay and technician at the same time.
	Replan(ctx context.Context, r presage.Reservation) (presage.Booking, error)
	// SetSite names another address for the visit of a van, and for its case. ErrConflict
	// without such a visit to come.
	SetSite(ctx context.Context, bookingID string, s presage.Site, ev presage.CaseEvent) (presage.Booking, error)
	// SetNote writes another note to the workshop for a visit that is not over, else ErrConflict.
	SetNote(ctx context.Context, bookingID, note string, ev presage.CaseEvent) (presage.Booking, error)
}

// FileStore reads what a case is about. ErrNotFound for an unknown ID.
type FileStore interface {
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Customer(ctx context.Context, id string) (presage.Customer, error)
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	Case(ctx context.Context, id string) (presage.Case, error)
	Offer(ctx context.Context, id string) (presage.Offer, error)
	// OffersOf returns the offers of a case, newest first.
	OffersOf(ctx context.Context, caseID string) ([]presage.Offer, error)
	// BookingsOf returns all bookings of a case, newest first.
	BookingsOf(ctx context.Context, caseID string) ([]presage.Booking, error)
	// CouponOf returns the newest coupon of a case that is not void; ErrNotFound.
	CouponOf(ctx context.Context, caseID string) (presage.Coupon, error)
	// WaitingOf is the entry of a case on the waiting list, FreedTo the earlier time
	// that it may take; ErrNotFound.
	WaitingOf(ctx context.Context, caseID string) (presage.Waiting, error)
	FreedTo(ctx context.Context, caseID string, now time.Time) (presage.FreedOffer, error)
	// React notes what a customer did about a message that left.
	React(ctx context.Context, x presage.Reaction) error
}
