package outreach

import (
	"context"
	"iter"
	"time"

	"presage"
	"presage/outreach/booking"
)

// Store is everything that outreach keeps, in the words of its parts.
type Store interface {
	Fleet
	Consents
	Prognoses
	Watches
	Cases
	CaseBook
	Offers
	Messages
	Claims
	Outbox
	Bookings
	BookingBook
	Parts
	Replies
}

// Fleet reads master data. ErrNotFound for an unknown ID.
type Fleet interface {
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Customer(ctx context.Context, id string) (presage.Customer, error)
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
}

// Consents finds and changes what customers agreed to.
type Consents interface {
	// CustomersByPhone lists who can be reached under an E.164 number; nobody is no error.
	CustomersByPhone(ctx context.Context, p presage.Phone) ([]presage.Customer, error)
	SetConsent(ctx context.Context, customerID string, c presage.Consent) error
}

// Prognoses reads the present prognoses, of one vehicle or of all in any order.
type Prognoses interface {
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	AllPrognoses(ctx context.Context) iter.Seq2[presage.Prognosis, error]
}

// CaseChange is what changes with a case's state. Empty fields leave what is
// stored; a case that ends has no deadline.
type CaseChange struct {
	DueAt      time.Time
	Owner      string
	Components []presage.ComponentID
	Severity   presage.Severity
}

// Cases keeps cases.
type Cases interface {
	Changing
	// CreateCase: ErrConflict when the vehicle has a case that has not ended.
	CreateCase(ctx context.Context, c presage.Case, ev presage.CaseEvent) error
	Case(ctx context.Context, id string) (presage.Case, error)
	// MoveCase compares and sets the state; ErrConflict when it moved on.
	MoveCase(ctx context.Context, id string, change CaseChange, ev presage.CaseEvent) error
}

// Watches reads the states of watch rules.
type Watches interface {
	// FiringWatches returns those that fire, of one vehicle or, for "", of all.
	FiringWatches(ctx context.Context, vin presage.VIN) ([]presage.WatchState, error)
}

// Changing changes a case in place.
type Changing interface {
	// ChangeCase sets a new deadline or owner without moving the case.
	ChangeCase(ctx context.Context, id string, change CaseChange, at time.Time) error
	// AmendCase does the same and notes why; once for the same who and why.
	// ErrConflict when the case has ended.
	AmendCase(ctx context.Context, id string, change CaseChange, ev presage.CaseEvent) error
}

// CaseBook lists cases.
type CaseBook interface {
	// CasesOf returns the newest cases of a customer, newest first.
	CasesOf(ctx context.Context, customerID string, limit int) ([]presage.Case, error)
	// CasesIn returns all cases in one of the states.
	CasesIn(ctx context.Context, states ...presage.CaseState) ([]presage.Case, error)
	// LastCases returns the newest cases of a vehicle, newest first.
	LastCases(ctx context.Context, vin presage.VIN, limit int) ([]presage.Case, error)
	// CasesDue returns cases whose deadline has passed.
	CasesDue(ctx context.Context, now time.Time, limit int) ([]presage.Case, error)
}

// Offers keeps offers.
type Offers interface {
	// CreateOffer stores the offer and its messages and moves its case from
	// open to offered with the deadline due, in one transaction.
	CreateOffer(ctx context.Context, o presage.Offer, ms []presage.Message, due time.Time, ev presage.CaseEvent) error
	Offer(ctx context.Context, id string) (presage.Offer, error)
	OffersOf(ctx context.Context, caseID string) ([]presage.Offer, error)
}

// Messages is the durable queue of texts.
type Messages interface {
	// PutMessages inserts; a known Key is ignored.
	PutMessages(ctx context.Context, ms []presage.Message) error
	// ClaimMessages moves planned messages that may go out now to sending and
	// counts the attempt, atomically.
	ClaimMessages(ctx context.Context, now time.Time, limit int) ([]presage.Message, error)
	// SaveMessage keeps state, provider ID, times, attempts and error.
	SaveMessage(ctx context.Context, m presage.Message) error
}

// Claims tells who may send a claimed message.
type Claims interface {
	// Sending returns what was claimed before olderThan and never recorded.
	Sending(ctx context.Context, olderThan time.Time) ([]presage.Message, error)
	// RenewClaim compares and sets the instant of a claim; ErrConflict when
	// somebody else took the message over or recorded it.
	RenewClaim(ctx context.Context, id string, was, now time.Time) error
}

// Outbox reads the texts.
type Outbox interface {
	// MessagesOf returns the messages of a case, newest first.
	MessagesOf(ctx context.Context, caseID string) ([]presage.Message, error)
	// MessagesSince counts the non-safety messages sent to a customer since then.
	MessagesSince(ctx context.Context, customerID string, since time.Time) (int, error)
	// MessageByProviderID: ErrNotFound when the provider's ID is not ours.
	MessageByProviderID(ctx context.Context, id string) (presage.Message, error)
}

// Reservation is all that is needed to sell a slot in one transaction.
type Reservation struct {
	Booking     presage.Booking // Parts included; BayID and TechnicianID are chosen by the store
	Bays        []string        // free candidates, in order of preference
	Technicians []string
	DepotID     string
	OfferID     string // the offer that it answers, "" for none
	Now         time.Time
	Event       presage.CaseEvent // the case's move to booked
	Change      CaseChange        // deadline and owner of the booked case
	Messages    []presage.Message
	// ArrivalOf tells when pieces on order arrive that have no purchase order of
	// their own; the zero time for never.
	ArrivalOf func(part string) time.Time
}

// Bookings sells and frees slots.
type Bookings interface {
	// Reserve takes one bay, one technician and the parts, stores the booking
	// and its messages, moves the case to booked and answers the offer, all or
	// nothing. ErrConflict names what was gone.
	Reserve(ctx context.Context, r Reservation) (presage.Booking, error)
	// CancelBooking frees bay, technician and parts and moves the case to next.
	CancelBooking(ctx context.Context, bookingID string, at time.Time, ev presage.CaseEvent,
		next presage.CaseState, msgs []presage.Message) error
	// FinishBooking stores a workshop's result: labels, parts used, and the case's moves.
	FinishBooking(ctx context.Context, r presage.WorkshopResult, labels []presage.Label, evs []presage.CaseEvent) error
}

// BookingBook reads and moves bookings.
type BookingBook interface {
	Booking(ctx context.Context, id string) (presage.Booking, error)
	// BookingsOf returns all bookings of a case, newest first.
	BookingsOf(ctx context.Context, caseID string) ([]presage.Booking, error)
	MoveBooking(ctx context.Context, id string, from, to presage.BookingState, at time.Time) error
	// Busy returns what is taken of a workshop's bays and technicians.
	Busy(ctx context.Context, workshopID string, from, to time.Time) ([]booking.Busy, error)
}

// Parts tells when parts can be had.
type Parts interface {
	// StockOf returns the whole stock of a depot.
	StockOf(ctx context.Context, depotID string) ([]presage.Stock, error)
	// OpenOrders returns the orders of a part that have not arrived.
	OpenOrders(ctx context.Context, depotID, part string) ([]presage.PurchaseOrder, error)
	// PutOrder orders a part; ErrConflict when the order is known.
	PutOrder(ctx context.Context, o presage.PurchaseOrder) error
}

// Answered records what a customer did with an offer.
type Answered interface {
	MarkOfferOpened(ctx context.Context, id string, at time.Time) error
	AnswerOffer(ctx context.Context, id string, at time.Time, answer string) error
}

// Replies keeps what came back.
type Replies interface {
	Answered
	PutReply(ctx context.Context, r presage.Reply) error
}
