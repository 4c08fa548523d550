package presage

import (
	"slices"
	"time"
)

// Order is a purchase order: what a depot has asked a supplier for, line by line.
//
//	proposed --place--> placed --confirm--> confirmed (again and again, as the day changes)
//	placed, confirmed --receive--> partly_received --receive--> received
//	what is not received yet --cancel--> cancelled (received, where some pieces were)
//
// Each line has a life of its own; the order's state follows from its lines. What is
// placed and neither received nor cancelled is on order, however late it is.
type Order struct {
	ID         string      `json:"id"`
	ExternalID string      `json:"external_id,omitempty" doc:"The number in another system; one order for each"`
	DepotID    string      `json:"depot_id"`
	Supplier   string      `json:"supplier,omitempty"`
	State      OrderState  `json:"state" enum:"proposed,placed,confirmed,partly_received,received,cancelled"`
	By         string      `json:"by" doc:"Who made it"`
	Note       string      `json:"note,omitempty"`
	CreatedAt  time.Time   `json:"created_at"`
	UpdatedAt  time.Time   `json:"updated_at"`
	Lines      []OrderLine `json:"lines"`
}

// OrderState is how far an order, or a line of one, has come.
type OrderState string

// The states of orders and of their lines.
const (
	OrderProposed  OrderState = "proposed"
	OrderPlaced    OrderState = "placed"
	OrderConfirmed OrderState = "confirmed"
	OrderPartly    OrderState = "partly_received"
	OrderReceived  OrderState = "received"
	OrderCancelled OrderState = "cancelled"
)

// OrderLine is one part of an order, in pieces.
type OrderLine struct {
	Line        int        `json:"line" doc:"From 1"`
	Part        string     `json:"part"`
	State       OrderState `json:"state" enum:"proposed,placed,confirmed,partly_received,received,cancelled"`
	Quantity    int        `json:"quantity"`
	Received    int        `json:"received"`
	Cancelled   int        `json:"cancelled"`
	Open        int        `json:"open" doc:"Placed and still to come"`
	PlacedAt    time.Time  `json:"placed_at,omitzero"`
	PromisedAt  time.Time  `json:"promised_at,omitzero" doc:"The day that was promised at first"`
	ExpectedAt  time.Time  `json:"expected_at,omitzero" doc:"The day that is expected now"`
	ConfirmedAt time.Time  `json:"confirmed_at,omitzero" doc:"When the supplier last named the day"`
	ReceivedAt  time.Time  `json:"received_at,omitzero" doc:"When the latest pieces came"`
}

// Rest is what is neither received nor cancelled.
func (l OrderLine) Rest() int { return l.Quantity - l.Received - l.Cancelled }

// Overdue tells whether pieces are still to come after the day on which they were expected.
func (l OrderLine) Overdue(now time.Time) bool { return l.Open > 0 && l.ExpectedAt.Before(now) }

// settle works out what follows from the other fields.
func (l *OrderLine) settle() {
	l.Open = 0
	rest := l.Rest()
	switch {
	case rest == 0 && l.Received > 0:
		l.State = OrderReceived
	case rest == 0:
		l.State = OrderCancelled
	case l.PlacedAt.IsZero():
		l.State = OrderProposed
	case l.Received > 0:
		l.State, l.Open = OrderPartly, rest
	case !l.ConfirmedAt.IsZero():
		l.State, l.Open = OrderConfirmed, rest
	default:
		l.State, l.Open = OrderPlaced, rest
	}
}

// Settle works out the states and what is open from what was placed, confirmed,
// received and cancelled.
func (o *Order) Settle() {
	count := map[OrderState]int{}
	received := 0
	for i := range o.Lines {
		o.Lines[i].settle()
		count[o.Lines[i].State]++
		received += o.Lines[i].Received
	}
	open := len(o.Lines) - count[OrderReceived] - count[OrderCancelled]
	switch {
	case open == 0 && received > 0:
		o.State = OrderReceived
	case open == 0:
		o.State = OrderCancelled
	case received > 0:
		o.State = OrderPartly
	case count[OrderConfirmed] == open:
		o.State = OrderConfirmed
	case count[OrderPlaced]+count[OrderConfirmed] > 0:
		o.State = OrderPlaced
	default:
		o.State = OrderProposed
	}
}

// Open is how many pieces are still to come.
func (o Order) Open() int {
	n := 0
	for _, l := range o.Lines {
		n += l.Open
	}
	return n
}

// Overdue tells whether a line is.
func (o Order) Overdue(now time.Time) bool {
	return slices.ContainsFunc(o.Lines, func(l OrderLine) bool { return l.Overdue(now) })
}

// OrderFilter selects orders; zero fields select everything. The newest come first.
type OrderFilter struct {
	DepotID string
	Part    string
	State   OrderState
	Open    bool      // with pieces to come
	Overdue time.Time // with pieces that were expected before
	After   string    // the ID of an order: those after it
	Limit   int
}

// PartQuantityAt is pieces of a part at a depot.
type PartQuantityAt struct {
	DepotID  string
	Part     string
	Quantity int
}

// OrderDraft is an order as somebody asks for it.
type OrderDraft struct {
	Key        string // of the caller's; the same draft again makes no second order
	ExternalID string
	DepotID    string
	Supplier   string
	By         string
	Note       string
	Place      bool // at once
	Lines      []OrderDraftLine
}

// OrderDraftLine is a part of a draft.
type OrderDraftLine struct {
	Part       string
	Pieces     int
	ExpectedAt time.Time // zero for the lead time of the part
}

// AdviceDraft turns the reorder list, or rows of it, into orders, one for each depot.
type AdviceDraft struct {
	Key     string
	DepotID string // of which the whole list is taken, "" for all; only without Picks
	By      string
	Note    string
	Place   bool
	Reasons bool // a quantity that is not the advised one wants a Note
	Picks   []AdvicePick
}

// OrderWish is what an act keeps: the orders that it made, and what was decided about the advice.
type OrderWish struct {
	Orders    []Order
	Decisions []AdviceDecision
}

// AdvicePick is a row of the reorder list; Pieces 0 is what is advised.
type AdvicePick struct {
	DepotID string
	Part    string
	Pieces  int
	// Supplier is one of several of the part, "" for the advised one. A part that is picked from
	// several at once is split between them.
	Supplier string
	None     bool // order nothing, whatever is advised
}
