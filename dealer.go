package presage

import "time"

// The kinds of records that a dealer's system has, in the order in which an import
// takes them: each refers to those before.
const (
	KindWorkshop  = "workshop"
	KindCustomer  = "customer"
	KindVehicle   = "vehicle"
	KindClosure   = "closure"
	KindBooking   = "booking"
	KindWorkOrder = "work_order"
	KindPartUse   = "part_use"
)

// ImportRow is what every record of an import has.
type ImportRow struct {
	Place      string // where it stands, for faults: "bookings.csv line 3", "/bookings/2"
	Kind       string
	ExternalID string // the dealer's own
	// Revision rises with each change of the record; 0 where the dealer's system has
	// none. An older one never overwrites a newer one.
	Revision int64
	Digest   string // of all it says but the revision
}

// ImportBatch is what a dealer's system says, all of it stored or nothing.
type ImportBatch struct {
	Source     string // the name of the dealer's system
	Now        time.Time
	DryRun     bool // tell what would change, and change nothing
	Workshops  []ImportedWorkshop
	Customers  []ImportedCustomer
	Vehicles   []ImportedVehicle
	Closures   []ImportedClosure
	Bookings   []ImportedBooking
	WorkOrders []ImportedWorkOrder
	PartUse    []ImportedPartUse
}

// ImportedWorkshop is a workshop; ID is ours, for one that is not known by the
// dealer's ID yet.
type ImportedWorkshop struct {
	ImportRow

	ID    string
	Apply func(*Workshop) // sets what the row says
}

// ImportedCustomer is a customer.
type ImportedCustomer struct {
	ImportRow

	ID      string
	Apply   func(*Customer)
	Consent bool // the row says what they agreed to
}

// ImportedVehicle is a vehicle. Customer and Workshop are the dealer's IDs, "" to
// leave them.
type ImportedVehicle struct {
	ImportRow

	VIN                VIN
	Customer, Workshop string
	Apply              func(*Vehicle)
}

// ImportedClosure is a time without a workshop, or without one bay or technician.
type ImportedClosure struct {
	ImportRow

	Workshop string
	Removed  bool
	Absence
}

// ImportedBooking is a visit in the dealer's system: one that it took itself, or one
// that was sold here (BookingID, or the dealer's ID is known as such).
type ImportedBooking struct {
	ImportRow

	BookingID, CaseID string
	Workshop          string
	Bay, Technician   string // "": any that is free
	Vehicle, Customer string
	Start, End        time.Time
	Jobs              []string
	State             BookingState // confirmed, arrived, done or cancelled
	// Known is the booking of ours that the dealer's ID stood for when Sell and Cancel
	// were made, and Ours the one that the visit has by now; "" for none.
	Known, Ours string
	Sell        *Reservation // how a visit of ours is booked or moved
	Cancel      *Cancellation
}

// ImportedWorkOrder is what the dealer's workshop found. Booking is the dealer's ID.
type ImportedWorkOrder struct {
	ImportRow

	Booking, Vehicle string
	Result           WorkshopResult
	Labels           []Label
	Events           []CaseEvent
}

// ImportedPartUse is pieces taken from a depot on a day: that of Depot, or of the Workshop.
type ImportedPartUse struct {
	ImportRow

	Depot, Workshop, Part string
	Day                   Day
	Quantity              int
}

// ImportReport tells what an import changed, or would change.
type ImportReport struct {
	Source    string           `json:"source"`
	DryRun    bool             `json:"dry_run"`
	Created   int              `json:"created"`
	Updated   int              `json:"updated"`
	Unchanged int              `json:"unchanged"`
	Stale     int              `json:"stale"` // older than what is known
	Changes   []ImportChange   `json:"changes"`
	Conflicts []ImportConflict `json:"conflicts"`
}

// ImportChange is one record that changed, or was too old to.
type ImportChange struct {
	Kind       string `json:"kind"`
	ExternalID string `json:"external_id"`
	ID         string `json:"id"` // ours
	Done       string `json:"done" enum:"created,updated,cancelled,stale"`
}

// ImportConflict is a visit that was sold here, and whose bay or technician the
// dealer has given to a booking of its own. The dealer's stands.
type ImportConflict struct {
	ExternalID string    `json:"external_id"` // of the dealer's booking
	BookingID  string    `json:"booking_id"`  // of ours
	Resource   string    `json:"resource"`    // bay or technician
	Start      time.Time `json:"start"`       // of ours
}

// External is a record's ID in a dealer's system, with what is known of its newest version.
type External struct {
	Source     string `json:"source"`
	Kind       string `json:"kind"`
	ExternalID string `json:"external_id"`
	ID         string `json:"id"`
	Revision   int64  `json:"revision"`
	Digest     string `json:"-"`
}

// Says tells whether a row says something new of a record.
func (e External) Says(r ImportRow) bool {
	return e.Digest == "" || r.Revision >= e.Revision && r.Digest != e.Digest
}

// ExportFilter selects what a dealer's system asks for, in the order of the changes.
type ExportFilter struct {
	Source     string    // whose IDs stand beside ours; "" for none
	Since      time.Time // changed, or found, from then on
	WorkshopID string
	AfterAt    time.Time // the last of the page before
	AfterID    string    // ... and its ID, or the VIN of a work order
	Limit      int       // 0 for all
}

// ExportedBooking is a booking with a dealer's IDs.
type ExportedBooking struct {
	Booking

	External map[string]string `json:"external_ids,omitempty"` // by kind
}

// ExportedWorkOrder is what a workshop found, with a dealer's IDs.
type ExportedWorkOrder struct {
	WorkshopResult

	WorkshopID string            `json:"workshop_id,omitempty"`
	External   map[string]string `json:"external_ids,omitempty"`
}
