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

// PartForecast is the demand for one part at one depot over the horizon.
type PartForecast struct {
	Part        string             `json:"part"`
	DepotID     string             `json:"depot_id"`
	AsOf        time.Time          `json:"as_of"`
	HorizonDays int                `json:"horizon_days"`
	Mean        float64            `json:"mean"`      // pieces
	StdDev      float64            `json:"std_dev"`   // pieces
	Quantiles   map[string]float64 `json:"quantiles"` // "0.1" ... "0.99", whole pieces
	Drivers     []DemandDriver     `json:"drivers"`   // their means add up to Mean
	Stock       Stock              `json:"stock"`
	// ReorderPoint is the stock level (on hand + on order - reserved for
	// bookings) at which to order, for the configured service level over the lead time.
	ReorderPoint int `json:"reorder_point"`
	OrderNow     int `json:"order_now"` // pieces, a multiple of the pack size; 0 for none
}

// DemandDriver says where a share of the mean comes from.
type DemandDriver struct {
	Name     string  `json:"name"` // "booked", "predicted", "unpredicted"
	Mean     float64 `json:"mean"` // pieces
	Vehicles int     `json:"vehicles"`
}
