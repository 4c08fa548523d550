package outreach

import (
	"time"

	"presage"
)

// OfferState is what a customer can still do with an offer.
type OfferState string

// The states of an offer as its page shows them.
const (
	OfferOpen     OfferState = "open"     // choose a slot
	OfferBooked   OfferState = "booked"   // see, change or cancel the visit
	OfferDeclined OfferState = "declined" // may still change their mind
	OfferExpired  OfferState = "expired"
	OfferStopped  OfferState = "stopped"
	OfferClosed   OfferState = "closed" // done, or repaired elsewhere
)

// ComponentView is one component in the customer's words.
type ComponentView struct {
	ID       presage.ComponentID
	Name     string
	Sentence string // what was found
	Why      string // what it is and what happens if it fails
	Severity presage.Severity
	Job      string
	Price    presage.Money
	Minutes  int
}

// SlotView is one slot with its time as the reader writes it.
type SlotView struct {
	presage.Slot
	Number int    // as in the text message, from 1
	Text   string // "Tue 9 Dec 09:00"
}

// OfferView is everything a booking page needs, in the customer's language and
// zone. It holds no phone number.
type OfferView struct {
	Token        string
	Link         string
	State        OfferState
	Lang         presage.Lang
	Zone         *time.Location
	CustomerName string // as the customer is addressed
	Vehicle      presage.Vehicle
	Car          string // make and model
	Reason       string
	Components   []ComponentView
	Slots        []SlotView // free now; offered ones first, then others near them
	Price        presage.Money
	Duration     time.Duration
	Workshop     presage.Workshop
	WorkshopName string
	Address      string
	Booking      *presage.Booking // the visit, nil without one
	BookingText  string           // its time, "" without one
	Offer        presage.Offer
	Case         presage.Case
	CanBook      bool // choose a slot, or another one when booked
	CanCancel    bool
	CanDecline   bool
}

// DecideReport counts what one pass did.
type DecideReport struct {
	Vehicles   int // with something due
	Cases      int // opened
	Offers     int // made, for new cases and for open ones that had none
	Withheld   int // drawn into the hold-out
	Suppressed int // no channel with consent
	Escalated  int // to an adviser
	Elsewhere  int // repaired elsewhere, seen by the prognosis
	CoolingOff int // left alone after an earlier answer
	Capped     int // left alone until the frequency cap allows
	NoSlot     int // open cases without a free slot
	NoCustomer int // nobody to tell
}
