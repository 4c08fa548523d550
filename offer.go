package presage

import "time"

// Offer is a set of appointments proposed for a case.
type Offer struct {
	ID        string    `json:"id"`
	CaseID    string    `json:"case_id"`
	VIN       VIN       `json:"vin"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	HeldUntil time.Time `json:"held_until,omitzero"` // its slots are kept for the customer so long; zero: not at all
	Slots     []Slot    `json:"slots"`
	// Drive is a van's way before and after each slot, kept with them.
	Drive time.Duration `json:"-"`
	// Parts are what a visit at any of the slots needs, kept as long as these.
	Parts      []PartQuantity `json:"parts,omitempty"`
	Reason     Text           `json:"reason"` // the explanation a customer reads
	AnsweredAt time.Time      `json:"answered_at"`
	Answer     string         `json:"answer"` // "", "booked", "declined", "later", "replaced"
	// Coupon is issued with it; read by case, for it outlives the offer.
	Coupon *Coupon `json:"-"`
}

// The answers that are no visit and no refusal: another offer took the place of it,
// or its customer wants to be asked again at a time.
const (
	AnswerReplaced = "replaced"
	AnswerLater    = "later"
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
	ID       ComponentID
	Name     string
	Sentence string // what was found
	Why      string // what it is and what happens if it fails
	Found    Text   // Sentence,
	Matters  Text   // and Why, in both languages: a page can be switched
	Severity Severity
	Job      string
	Price    Money  // what the customer pays
	Warranty string // the name of the one that pays instead, "" for none
	Minutes  int
}

// SlotView is one slot with its time as the reader writes it.
type SlotView struct {
	Slot
	Number int    // as in the text message, from 1
	Text   string // "Tue 9 Dec 09:00"
}

// OfferView is everything a booking page needs, in the customer's language and
// the workshop's time. It holds no phone number.
type OfferView struct {
	Token        string
	Link         string
	State        OfferState
	Lang         Lang
	Zone         *time.Location // the workshop's
	CustomerName string         // as the customer is addressed
	Vehicle      Vehicle
	Car          string // make and model
	Brand        string // that signs for the car
	Reason       string
	Components   []ComponentView
	Slots        []SlotView // free now; offered ones first, then others near them
	Price        Money
	Coupon       *Coupon // that came with the offer and counts, or did; nil for none
	Goodwill     string  // what was let off the price already, in words; "" for nothing
	Off          Money   // what it takes off the price, which leaves ToPay
	ToPay        Money
	Duration     time.Duration
	Workshop     Workshop
	Nearby       []NearWorkshop // others that could do it, the nearest first; of the offer's own workshop
	// Site is where a van repairs the car on this page; nil: at the workshop.
	Site *Site
	// VanOf names the vans that could come to the car; "" for none.
	VanOf        string
	Travel       Money // what the van's way adds to the price
	WorkshopName string
	Address      string
	Booking      *Booking  // the visit, nil without one
	Visited      *Booking  // the visit that took place, nil before its end
	BookingText  string    // its time, "" without one
	Before       *Booking  // the visit that was cancelled last, or moved from; nil without one
	Consent      Consent   // of the customer
	HasEmail     bool      // the customer has left an address
	ZoneNote     string    // whose time that is, "" where it is the customer's too
	Latest       time.Time // by which the visit has to begin; zero when none can be chosen
	Offer        Offer
	Case         Case
	Waits        bool      // for an earlier time than that of the visit
	Earlier      *Slot     // one that may be taken instead of it, nil for none
	EarlierUntil time.Time // so long
	CanBook      bool      // choose a slot, or another one when booked
	CanCancel    bool
	CanDecline   bool
}

// Where names who repairs the car on the page: the workshop, or its vans.
func (v OfferView) Where() string {
	if v.Site != nil {
		return VansOf(v.Workshop.ID)
	}
	return v.Workshop.ID
}
