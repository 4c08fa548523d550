package presage

import (
	"encoding/json"
	"time"
)

// ChangeType is what happened, as systems of others are told: the type of a CloudEvent.
type ChangeType string

// The types.
const (
	BookingSold     ChangeType = "presage.booking.sold"
	BookingMoved    ChangeType = "presage.booking.moved"   // data.replaces is the booking before
	BookingChanged  ChangeType = "presage.booking.changed" // another bay or technician, at the same time
	BookingGone     ChangeType = "presage.booking.cancelled"
	BookingCame     ChangeType = "presage.booking.arrived"
	BookingNotCome  ChangeType = "presage.booking.no_show"
	ResultStored    ChangeType = "presage.result.stored"
	CaseWasOpened   ChangeType = "presage.case.opened"
	CaseWasClosed   ChangeType = "presage.case.closed"
	RescueWasAsked  ChangeType = "presage.rescue.asked"
	RescueChanged   ChangeType = "presage.rescue.changed"   // its state
	OrderChanged    ChangeType = "presage.order.changed"    // placed, confirmed, received or cancelled, wholly or in part
	TransferChanged ChangeType = "presage.transfer.changed" // proposed, picked, sent, received or taken back
	StockMoved      ChangeType = "presage.stock.moved"      // one movement of the ledger
	CloudEventsSpec            = "1.0"
)

// ChangeTypes are all of them.
func ChangeTypes() []ChangeType {
	return []ChangeType{
		BookingSold, BookingMoved, BookingChanged, BookingGone, BookingCame, BookingNotCome, ResultStored,
		CaseWasOpened, CaseWasClosed, RescueWasAsked, RescueChanged,
		OrderChanged, TransferChanged, StockMoved,
	}
}

// CloudEvent is a change in the structured JSON form of CloudEvents 1.0, with the
// documented extensions partitionkey and sequence.
type CloudEvent struct {
	SpecVersion string     `json:"specversion"`
	ID          string     `json:"id"` // the same whenever it is sent again
	Source      string     `json:"source"`
	Type        ChangeType `json:"type"`
	Subject     string     `json:"subject"` // the ID of the booking, the rescue or the case
	Time        time.Time  `json:"time"`
	ContentType string     `json:"datacontenttype"`
	// PartitionKey is of what the changes have an order: the case, with all its
	// bookings. Sequence rises within it, as text and as a number.
	PartitionKey string          `json:"partitionkey"`
	Sequence     string          `json:"sequence"`
	Data         json.RawMessage `json:"data"`
}

// BookingChange is the data of a change of a booking.
type BookingChange struct {
	Booking

	Replaces string `json:"replaces,omitempty"`
}

// Subscription is a receiver of changes.
type Subscription struct {
	ID  string
	URL Secret // what follows "?" may be one
	// Types that are sent; none: all.
	Types []ChangeType
	// System is the name of the dealer's system behind it (see External): it is told
	// its own IDs, and nothing that it told us itself. "" for none.
	System string
	// Secrets sign; two while one takes the other's place.
	Secrets []Secret
	// Active: its changes are sent. They are kept for it otherwise.
	Active      bool
	CreatedAt   time.Time
	PausedUntil time.Time // nothing is tried before
	Failures    int       // in a row
	Fault       string    // of the last try, "" when it went well
	Waiting     int       // changes to be sent
	Dead        int       // changes given up
}

// DeliveryState is what became of a change for one receiver.
type DeliveryState string

// The states.
const (
	DeliveryWaiting   DeliveryState = "waiting"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryDead      DeliveryState = "dead"    // given up; what follows of the same case waits for a person
	DeliverySkipped   DeliveryState = "skipped" // a person let the others go on without it
)

// Delivery is a change on its way to one receiver.
type Delivery struct {
	ID             string        `json:"id"`
	SubscriptionID string        `json:"subscription_id"`
	EventID        string        `json:"event_id"`
	Type           ChangeType    `json:"type"`
	Subject        string        `json:"subject"`
	At             time.Time     `json:"at"` // when the change was made
	State          DeliveryState `json:"state" enum:"waiting,delivered,dead,skipped"`
	Attempts       int           `json:"attempts"`
	NotBefore      time.Time     `json:"not_before,omitzero"` // of the next try
	UpdatedAt      time.Time     `json:"updated_at"`
	Fault          string        `json:"fault,omitempty"` // of the last try
	Behind         int           `json:"behind"`          // later changes of the same case that wait for it
}

// Outgoing is a delivery that somebody sends now.
type Outgoing struct {
	Delivery

	Event     CloudEvent   // without Source
	To        Subscription // its counts of deliveries are not read
	ClaimedAt time.Time    // by which the claim is known
	// External are the receiver's own IDs of what the change is about, by kind.
	External map[string]string
}

// Tried is how a try to send went.
type Tried struct {
	State     DeliveryState // delivered, dead, or waiting for NotBefore
	NotBefore time.Time
	Fault     string
	// Pause holds all that is for the receiver until then; zero for none.
	Pause time.Time
}

// DeliveryFilter selects deliveries; fields that are empty select everything.
type DeliveryFilter struct {
	SubscriptionID string
	State          DeliveryState
	AfterID        string // the last delivery of the page before
	Limit          int    // 0 for all
}
