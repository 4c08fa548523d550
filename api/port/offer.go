package port

import (
	"time"

	"presage"
)

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
