package presage

import (
	"encoding/json"
	"time"
)

// PersonalData is everything that is kept about a customer, for the customer:
// what they may ask for (GDPR article 15, PIPL article 45).
type PersonalData struct {
	CustomerID string    `json:"customer_id"`
	At         time.Time `json:"at"`
	// Tables are in the order in which a person would read them.
	Tables []PersonalTable `json:"tables"`
	// Files are what a table cannot hold.
	Files []PersonalFile `json:"files"`
}

// PersonalFile is a file about a customer, such as a photo of their car.
type PersonalFile struct {
	Name string `json:"name"` // with its folder: photos/p7x.jpg
	Type string `json:"type"` // its media type
	Data []byte `json:"data,omitempty"`
}

// PersonalTable is one kind of rows.
type PersonalTable struct {
	Name    string            `json:"name"`
	Columns []string          `json:"columns"`
	Rows    []json.RawMessage `json:"rows"` // objects by column; instants in RFC 3339
}

// Erasure says what became of a customer's data (GDPR article 17, PIPL article 47).
type Erasure struct {
	// Alias stands where rows that have to stay named the customer.
	Alias string    `json:"alias"`
	At    time.Time `json:"at"`
	Who   string    `json:"who"` // asked for it
	// Tables are those in which something was found.
	Tables []ErasedTable `json:"tables"`
}

// ErasedTable is what was done to the rows of one kind.
type ErasedTable struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	Done Erased `json:"done"`
	// Why the rows stay: work, stop, proof, vehicle or decision; "" when they are gone.
	Why string `json:"why,omitempty"`
}

// Erased is what erasure does to a row.
type Erased string

// What erasure does.
const (
	ErasedDeleted  Erased = "deleted"
	ErasedAliased  Erased = "aliased"  // stays, without what names or quotes the customer
	ErasedDetached Erased = "detached" // a vehicle: it stays, and is nobody's
)
