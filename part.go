package presage

import "time"

// Depot stores parts for the workshops it serves.
type Depot struct {
	ID     string `json:"id"`
	Name   Text   `json:"name"`
	Region string `json:"region"`
}

// Stock is one part at one depot, in pieces.
// Reserved pieces are promised to bookings and still on the shelf or on order.
type Stock struct {
	DepotID  string `json:"depot_id"`
	Part     string `json:"part"`
	OnHand   int    `json:"on_hand"`
	Reserved int    `json:"reserved"`
	OnOrder  int    `json:"on_order"`
	Bin      string `json:"bin,omitempty" maxLength:"40"` // where it lies; a new count without one keeps it
}

// StockFilter selects stock; fields that are empty select everything.
type StockFilter struct {
	DepotID string
	Part    string
}

// PurchaseOrder is a line of an Order as those see it who wait for its pieces: Quantity
// is what is still to come or, once all of it is received, what came.
type PurchaseOrder struct {
	ID         string    `json:"id"`
	DepotID    string    `json:"depot_id"`
	Part       string    `json:"part"`
	Quantity   int       `json:"quantity"`
	OrderedAt  time.Time `json:"ordered_at"`
	ExpectedAt time.Time `json:"expected_at"`
	ReceivedAt time.Time `json:"received_at"`    // zero while on its way
	From       string    `json:"from,omitempty"` // the depot that gives; empty for a supplier
	Supplier   string    `json:"supplier,omitempty"`
}

// lateAllowed is how long after the day promised an order still counts as in time: it may
// come in the afternoon.
const lateAllowed = 24 * time.Hour

// Arrives is when the pieces can be counted on, as it looks at now: on the day expected,
// and once that has passed without them, as late again as they are already: the mean
// rest of a wait whose tail falls with the square of the lateness (Pareto).
func (o PurchaseOrder) Arrives(now time.Time) time.Time {
	if late := now.Sub(o.ExpectedAt); late > lateAllowed {
		return now.Add(late)
	}
	return o.ExpectedAt
}

// PartUse is pieces taken from a depot on one day, the history of demand.
type PartUse struct {
	DepotID  string `json:"depot_id"`
	Part     string `json:"part"`
	Day      Day    `json:"day"`
	Quantity int    `json:"quantity"`
}
