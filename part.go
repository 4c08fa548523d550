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

// PurchaseOrder replenishes a depot.
type PurchaseOrder struct {
	ID         string    `json:"id"`
	DepotID    string    `json:"depot_id"`
	Part       string    `json:"part"`
	Quantity   int       `json:"quantity"`
	OrderedAt  time.Time `json:"ordered_at"`
	ExpectedAt time.Time `json:"expected_at"`
	ReceivedAt time.Time `json:"received_at"` // zero while on its way
}

// PartUse is pieces taken from a depot on one day, the history of demand.
type PartUse struct {
	DepotID  string `json:"depot_id"`
	Part     string `json:"part"`
	Day      Day    `json:"day"`
	Quantity int    `json:"quantity"`
}
