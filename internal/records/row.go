package records

import (
	"fmt"

	"presage"
)

// Row is a record as it was read: texts by the names of its fields. A list is
// joined by ";", the parts of an item by ":". What says nothing has no text.
type Row struct {
	Kind  string
	Place string            // of the whole: "bookings.csv line 3" or "/bookings/2"
	At    map[string]string // of each field
	Text  map[string]string
}

// Form is what may be sent.
type Form struct {
	Kinds map[string]string // of records, by the names of their lists
	Parts []string          // names of the parts of an item in JSON, in the order of a CSV cell
}

// Fault is an ErrInvalid with its place.
func Fault(place, text string, args ...any) error {
	return fmt.Errorf("%s: %w: "+text, append([]any{place, presage.ErrInvalid}, args...)...)
}
