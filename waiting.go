package presage

import "time"

// Waiting is a customer's wish for an earlier time than that of their visit. There is
// one at most for a case.
type Waiting struct {
	CaseID     string    `json:"case_id"`
	CustomerID string    `json:"customer_id"`
	WorkshopID string    `json:"workshop_id"`
	Since      time.Time `json:"since"`
	VisitAt    time.Time `json:"visit_at"` // when the visit was to be when it was asked for
	Who        string    `json:"who"`      // "customer", or the person who noted it
	// What there is now, read with it.
	BookingID string    `json:"booking_id"`
	Start     time.Time `json:"start"`
	Severity  Severity  `json:"severity" enum:"safety,mobility,comfort"`
}

// FreedOffer is an earlier time that a waiting customer was told of. Nobody is told of
// the same one twice, and of one time one customer after the other.
type FreedOffer struct {
	ID         string
	CaseID     string
	WorkshopID string
	BookingID  string // the visit that it would be instead of
	Start, End time.Time
	OfferedAt  time.Time
	ExpiresAt  time.Time
}
