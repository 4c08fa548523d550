package presage

import (
	"encoding/json"
	"slices"
	"time"
)

// CaseState is where a case stands.
//
//	open --> offered --> booked --> arrived --> done
//	  |         |           |          |
//	  |         +-> declined, expired -+-> escalated
//	  +-> withheld, suppressed, superseded, resolved_elsewhere
type CaseState string

// The states.
const (
	CaseOpen              CaseState = "open"
	CaseOffered           CaseState = "offered"
	CaseBooked            CaseState = "booked"
	CaseArrived           CaseState = "arrived"
	CaseDone              CaseState = "done"
	CaseDeclined          CaseState = "declined"
	CaseExpired           CaseState = "expired"
	CaseWithheld          CaseState = "withheld"   // hold-out of the experiment
	CaseSuppressed        CaseState = "suppressed" // no consent, or asked us to stop
	CaseSuperseded        CaseState = "superseded"
	CaseEscalated         CaseState = "escalated" // a person's queue
	CaseResolvedElsewhere CaseState = "resolved_elsewhere"
)

// moves lists the states that may follow s.
func (s CaseState) moves() []CaseState {
	switch s {
	case CaseOpen:
		return []CaseState{
			CaseOffered, CaseBooked, CaseWithheld, CaseSuppressed,
			CaseSuperseded, CaseResolvedElsewhere, CaseEscalated, CaseDeclined, CaseDone,
		}
	case CaseOffered:
		return []CaseState{
			CaseBooked, CaseDeclined, CaseExpired, CaseSuppressed,
			CaseSuperseded, CaseResolvedElsewhere, CaseEscalated,
			CaseOpen,              // the offer was withdrawn for another that says more
			CaseArrived, CaseDone, // the visit was cancelled, and the car came all the same
		}
	case CaseBooked:
		return []CaseState{
			CaseArrived, CaseDone, CaseOffered, CaseOpen,
			CaseDeclined, CaseEscalated, CaseSuperseded, CaseResolvedElsewhere,
		}
	case CaseArrived:
		return []CaseState{CaseDone, CaseEscalated}
	case CaseDeclined, CaseExpired:
		return []CaseState{
			CaseOpen, CaseOffered, CaseBooked, CaseEscalated, CaseSuperseded, CaseResolvedElsewhere, CaseArrived, CaseDone,
		}
	case CaseEscalated:
		return []CaseState{
			CaseOpen, // a person gives it back
			CaseOffered, CaseBooked, CaseDeclined, CaseSuperseded, CaseResolvedElsewhere, CaseArrived, CaseDone,
		}
	case CaseWithheld:
		return []CaseState{CaseOpen, CaseSuperseded, CaseResolvedElsewhere}
	case CaseSuppressed:
		return []CaseState{CaseOpen} // the customer asks for messages again
	case CaseDone, CaseSuperseded, CaseResolvedElsewhere:
	}
	return nil
}

// CanBecome tells whether a case may move from s to next.
func (s CaseState) CanBecome(next CaseState) bool { return slices.Contains(s.moves(), next) }

// Ended tells whether nothing more is going to happen to a case in state s by
// itself.
func (s CaseState) Ended() bool {
	switch s {
	case CaseDone, CaseDeclined, CaseExpired, CaseSuppressed, CaseSuperseded, CaseResolvedElsewhere, CaseWithheld:
		return true
	case CaseOpen, CaseOffered, CaseBooked, CaseArrived, CaseEscalated:
	}
	return false
}

// Case is one vehicle's need for service, from the decision to the finding.
type Case struct {
	ID         string        `json:"id"`
	VIN        VIN           `json:"vin"`
	CustomerID string        `json:"customer_id"`
	WorkshopID string        `json:"workshop_id"`
	Components []ComponentID `json:"components"` // bundled into one visit, the most urgent first
	// Alerted are those of the components that a watch rule brought in: they are
	// looked at before anything is replaced.
	Alerted    []ComponentID `json:"alerted,omitempty"`
	Severity   Severity      `json:"severity"` // the worst of the components that were due
	State      CaseState     `json:"state"`
	Route      Route         `json:"route"`
	RouteWhy   Reason        `json:"route_reason,omitzero"` // why it is that route
	Owner      string        `json:"owner"`                 // who answers for it: "outreach", "adviser", "workshop"
	OpenedAt   time.Time     `json:"opened_at"`
	UpdatedAt  time.Time     `json:"updated_at"`
	DueAt      time.Time     `json:"due_at"`      // SLA of the present state; zero when ended
	VisitBy    time.Time     `json:"visit_by"`    // the cheapest visit day of the policy
	FailWithin FailWithin    `json:"fail_within"` // any of the components that wear, at the decision
	// OdometerKm is what the car had driven when the case was opened, 0 if nobody
	// knows: with OpenedAt it settles who pays, so that an offer does not change
	// from free to paid while the customer thinks.
	OdometerKm Kilometre `json:"odometer_km,omitempty"`
	// Goodwill is what an adviser has granted; nil for nothing.
	Goodwill *Goodwill `json:"goodwill,omitempty"`
	// Site is where a van would repair it; nil: nobody knows, or none comes so far.
	Site *Site `json:"-"`
	// Decision is the stored record from which the decision can be replayed:
	// inputs, model and policy versions, random draw and the whole cost curve.
	Decision json.RawMessage `json:"decision,omitempty"`
}

// CaseEvent is one change of a case: who, when, why.
type CaseEvent struct {
	CaseID string    `json:"case_id"`
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	From   CaseState `json:"from"`
	To     CaseState `json:"to"`
	Reason Reason    `json:"reason"`
}

// CaseFilter selects cases; fields that are empty select everything.
type CaseFilter struct {
	State      CaseState
	VIN        VIN
	CustomerID string
	WorkshopID string
	Owner      string
	Query      string // of the vehicle, as in VehicleFilter
	BeforeID   string // the last case of the page before
	Limit      int    // 0 for all
}

// CaseChange is what changes with a case's state. Zero fields leave what is
// stored; a case that ends has no deadline.
type CaseChange struct {
	DueAt      time.Time
	Owner      string
	WorkshopID string
	Route      Route
	RouteWhy   Reason // of the route
	Site       *Site
	Components []ComponentID
	Alerted    []ComponentID
	Severity   Severity
	VisitBy    time.Time
	FailWithin FailWithin
	Decision   json.RawMessage
	Call       *CallResult // what came of a call about it
	Goodwill   *Goodwill   // of 0 percent: none any more
}

// Who answers for a case.
const (
	OwnerOutreach = "outreach" // while messages work
	OwnerAdviser  = "adviser"  // once a person is needed
	OwnerWorkshop = "workshop" // from the booking on
	OwnerManager  = "manager"  // for what an adviser left undone
)
