package port

import (
	"context"
	"time"

	"presage"
)

// Cases reads cases, the newest first.
type Cases interface {
	Case(ctx context.Context, id string) (presage.Case, error)
	Cases(ctx context.Context, f presage.CaseFilter) ([]presage.Case, error)
	// CaseEvents returns every change of a case, the oldest first.
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
}

// Bookings reads sold slots, the earliest first.
type Bookings interface {
	Booking(ctx context.Context, id string) (presage.Booking, error)
	Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error)
}

// Messages reads what was said to customers and what they said, the newest first.
type Messages interface {
	Message(ctx context.Context, id string) (presage.Message, error)
	Messages(ctx context.Context, f presage.MessageFilter) ([]presage.Message, error)
	Replies(ctx context.Context, limit int) ([]presage.Reply, error)
}

// Desk is the workshop and adviser's side of outreach.
type Desk interface {
	// Slots returns appointments with a free bay, technician and parts for the jobs, the earliest first.
	Slots(ctx context.Context, workshopID string, jobs []string, from, to time.Time, limit int) ([]presage.Slot, error)
	// BookCase books a slot for a case, or moves its visit there; who goes into
	// the case's history. ErrConflict when the slot is gone or the case moved on.
	BookCase(ctx context.Context, caseID, slotID, via, who string) (presage.Booking, error)
	// CancelBooking frees bay, technician and parts; who and why go into the case's history.
	CancelBooking(ctx context.Context, bookingID, who, why string) error
	// Arrive notes that the vehicle stands at the workshop.
	Arrive(ctx context.Context, bookingID string) error
	// RecordResult stores what the workshop found, closes the case and labels the components.
	RecordResult(ctx context.Context, r presage.WorkshopResult) error
}

// OfferState is what a customer can still do with an offer.
type OfferState string

// The states of an offer.
const (
	OfferOpen     OfferState = "open"
	OfferBooked   OfferState = "booked"
	OfferDeclined OfferState = "declined" // may still change their mind
	OfferExpired  OfferState = "expired"
	OfferStopped  OfferState = "stopped"
	OfferClosed   OfferState = "closed" // done, or repaired elsewhere
)

// OfferView is everything a customer's page shows about one offer.
type OfferView struct {
	Offer      presage.Offer
	Case       presage.Case
	Vehicle    presage.Vehicle
	Workshop   presage.Workshop
	Lang       presage.Lang     // the customer's own
	Zone       *time.Location   // of the times shown; nil for the workshop's
	Slots      []presage.Slot   // free now: the offered ones first, then others
	Booking    *presage.Booking // the visit that stands or took place, nil without one
	State      OfferState
	CanBook    bool // choose a slot, or another one when booked
	CanCancel  bool
	CanDecline bool
}

// Offers is the customer's side of outreach: whoever holds the signed token may act.
// Each method returns ErrForbidden for a forged token, ErrExpired for an old one,
// and with it ErrNewOwner once the car is somebody else's.
type Offers interface {
	OfferByToken(ctx context.Context, token string) (OfferView, error)
	// Book books any free slot of the offer's workshop, or moves the visit
	// there; ErrConflict when it was just sold.
	Book(ctx context.Context, token, slotID, via string) (presage.Booking, error)
	CancelByToken(ctx context.Context, token string) error
	DeclineByToken(ctx context.Context, token, why string) error
	StopByToken(ctx context.Context, token string) error
	// ICS returns the booked appointment as text/calendar.
	ICS(ctx context.Context, token string) ([]byte, error)
}
