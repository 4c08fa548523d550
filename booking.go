package presage

import (
	"errors"
	"fmt"
	"time"
)

// Workshop repairs vehicles. Bays and technicians are what a slot needs.
type Workshop struct {
	ID          string         `json:"id"`
	Name        Text           `json:"name"`
	Address     Text           `json:"address"`
	Zone        string         `json:"zone"`       // IANA time zone
	DepotID     string         `json:"depot_id"`   // where its parts come from
	OpenHour    int            `json:"open_hour"`  // local, 0-23
	CloseHour   int            `json:"close_hour"` // local, the last job ends by then
	ClosedOn    []time.Weekday `json:"closed_on"`
	Bays        []Bay          `json:"bays"` // their IDs are unique over all workshops
	Technicians []Technician   `json:"technicians"`
	Closures    []Closure      `json:"closures,omitempty"` // holidays and other times without work
	Absences    []Absence      `json:"absences,omitempty"` // of single bays and technicians

	Phone  Phone            `json:"phone,omitempty" pattern:"^\\+[1-9][0-9]{6,14}$" doc:"E.164; customers are shown it"`
	Email  string           `json:"email,omitempty" maxLength:"254"`
	Place  *Place           `json:"place,omitempty"`                             // for the map, and how far it is
	Brands []string         `json:"brands,omitempty" maxItems:"100"`             // makes that it repairs; none: all
	Stays  []Stay           `json:"stays,omitempty" enum:"wait,drop_off,loaner"` // what customers may choose
	Prices map[string]Money `json:"prices,omitempty"`                            // its own, by job code, in one currency

	// Week are the opening hours day by day, instead of OpenHour, CloseHour and ClosedOn.
	Week []WeekHours `json:"week,omitempty" maxItems:"100" doc:"Opening hours day by day, instead of open_hour, close_hour and closed_on"` //nolint:lll // a tag cannot be broken
	// Holidays is the country on whose public holidays nobody works there; "" for none.
	Holidays string       `json:"holidays,omitempty" pattern:"^[A-Z]{2}$" doc:"Country (ISO 3166) on whose public holidays nobody works" example:"CN"` //nolint:lll // a tag cannot be broken
	Daily    *DailyVisits `json:"daily_visits,omitempty"`
}

// Slot is an appointment that could be sold: free bay, technician and parts at
// the time it was read. A visit that is longer than the day goes on when the
// workshop opens again; End is on the last day then.
type Slot struct {
	ID         string    `json:"id"` // "<workshop>@<start unix>", of its vans "<workshop>/van@<start unix>"; stable
	WorkshopID string    `json:"workshop_id"`
	Start      time.Time `json:"start"`
	End        time.Time `json:"end"`
}

// BookingState is where a booking stands.
type BookingState string

// The states.
const (
	BookingConfirmed BookingState = "confirmed"
	BookingArrived   BookingState = "arrived"
	BookingDone      BookingState = "done"
	BookingCancelled BookingState = "cancelled"
	BookingNoShow    BookingState = "no_show"
)

// Takes tells that the visit takes, or took, time of the workshop.
func (s BookingState) Takes() bool {
	return s == BookingConfirmed || s == BookingArrived || s == BookingDone
}

// Booking is a sold slot: bay, technician and parts are reserved with it.
// Moving a visit makes a new booking of the same case; the visit's number of
// changes goes on rising.
type Booking struct {
	ID           string    `json:"id"`
	CaseID       string    `json:"case_id"`
	VIN          VIN       `json:"vin"`
	CustomerID   string    `json:"customer_id"`
	WorkshopID   string    `json:"workshop_id"`
	BayID        string    `json:"bay_id"`
	TechnicianID string    `json:"technician_id"`
	Start        time.Time `json:"start"`
	End          time.Time `json:"end"`
	// Hours are the opening hours that are sold, where the work takes more than
	// one day, and those of a van from its leaving to its return; empty: all from
	// Start to End.
	Hours     []Span         `json:"hours,omitempty"`
	Jobs      []string       `json:"jobs"` // job codes
	Parts     []PartQuantity `json:"parts"`
	State     BookingState   `json:"state"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
	Via       string         `json:"via"` // "link", "api", "reply", "adviser"
	// Sequence counts the changes of a case's visit from 0: moved, cancelled,
	// booked again (RFC 5545, SEQUENCE). The store sets it.
	Sequence int `json:"sequence"`
	// Dispatch is why the visit has its technician; nil where nobody chose.
	Dispatch *Dispatch `json:"dispatch,omitempty"`
	// Site is where a van does the work; nil: at the workshop.
	Site *Site `json:"site,omitempty"`
	Wishes
}

// Wishes are what a customer asks of a visit besides its time.
type Wishes struct {
	Stay Stay   `json:"stay,omitempty" enum:"wait,drop_off,loaner" doc:"What the customer does meanwhile"`
	Note string `json:"note,omitempty" maxLength:"500" doc:"To the workshop"`
}

// Check tells what is wrong with the wishes at a workshop, as ErrInvalid.
func (x Wishes) Check(w Workshop) error {
	var faults []error
	if !w.Offers(x.Stay) {
		faults = append(faults, fmt.Errorf("stay: %w: %.20q is not offered by workshop %s", ErrInvalid, x.Stay, w.ID))
	}
	if err := CheckPlain(x.Note, NoteChars); err != nil {
		faults = append(faults, fmt.Errorf("note: %w", err))
	}
	return errors.Join(faults...)
}

// NoteChars is how long a note to the workshop may be, in characters.
const NoteChars = 500

// Sold are the times at which the bay and the technician work on the visit.
func (b Booking) Sold() []Span {
	if len(b.Hours) > 0 {
		return b.Hours
	}
	return []Span{{From: b.Start, To: b.End}}
}

// Begins is when the work on the visit begins; that of a van when it leaves.
func (b Booking) Begins() time.Time { return b.Sold()[0].From }

// Rest is what is left of the times at which the visit is worked on; once they are
// over it is the quarter of an hour that runs.
func (b Booking) Rest(now time.Time) []Span {
	quarter := now.UTC().Truncate(QuarterHour)
	var rest []Span
	for _, s := range b.Sold() {
		if s.From.Before(quarter) {
			s.From = quarter
		}
		if s.To.After(s.From) {
			rest = append(rest, s)
		}
	}
	if len(rest) == 0 {
		return []Span{{From: quarter, To: quarter.Add(QuarterHour)}}
	}
	return rest
}

// Busy is a time in which a bay or a technician is taken.
type Busy struct {
	Resource   string // bay or technician ID
	Start, End time.Time
}

// Reservation asks for a slot to be sold: the booking and all that goes with
// it, in one transaction.
type Reservation struct {
	// Booking has its ID, case, workshop, times and parts; BayID, TechnicianID,
	// State, Sequence, CreatedAt and UpdatedAt are set by the store.
	Booking     Booking
	Bays        []string // free candidates, in order of preference
	Technicians []string
	DepotID     string // where the parts are promised
	OfferID     string // the offer that it answers, "" for none
	Now         time.Time
	Event       CaseEvent  // the case's move to booked
	Change      CaseChange // deadline and owner of the booked case
	Messages    []Message
	// Bounds are how many visits may begin on its day.
	Bounds []DayBound
	// Replaces is the visit that this one is instead of: it must still be
	// confirmed, and of the same case. It is given up only if the new one is sold.
	Replaces string
	// Replenish says how missing pieces can be ordered. They are, if they arrive
	// by the start: as many as the stock lacks when the slot is sold.
	Replenish []Replenishment
	// ArrivalOf tells when pieces on order arrive that have no purchase order of
	// their own; nil or the zero time for never.
	ArrivalOf func(part string) time.Time
}

// DayBound is how many visits of a workshop may begin in a stretch, a local day.
type DayBound struct {
	Span
	Stay Stay // of these alone; "" for all
	Most int
}

// Wish is somebody's wish for a visit: to book a slot, or to move to it.
type Wish struct {
	Token, CaseID string // whose: who holds an offer's link, or the case
	SlotID        string
	Via           string // stays with the booking: "link", "api", "reply", "adviser"
	Who           string // goes into the case's history; whoever holds the link is the customer
	// Seen is the visit that the wish was made in view of: its booking ID, "" for
	// none. Nil: it was not said, then a visit that there is moves.
	Seen *string
	// Wishes of the customer; nil keeps those of a visit that moves.
	Wishes *Wishes
	// Address is where a van comes to; "" keeps that of the case.
	Address Address
}

// Cancellation is a wish to give a visit or an offer back, with all that it changes.
type Cancellation struct {
	BookingID string // "" when nothing is booked: the case alone is given up
	Now       time.Time
	Event     CaseEvent  // of the case, To the state that follows; an empty From is the state it is in
	Change    CaseChange // deadline and owner of the case in its new state
	OfferID   string     // answered with Answer; "" for none
	Answer    string
	Messages  []Message
	Labels    []Label // what was found out: a repair elsewhere
}

// BookingFilter selects bookings; fields that are empty select everything.
type BookingFilter struct {
	VIN        VIN
	CaseID     string
	WorkshopID string
	State      BookingState
	From, To   time.Time // that start in [From, To)
	AfterID    string    // the last booking of the page before
	Limit      int       // 0 for all
}
