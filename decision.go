package presage

import (
	"encoding/json"
	"time"
)

// DecisionOutcome is what became of a vehicle that something was due on.
type DecisionOutcome string

// The outcomes of decisions.
const (
	DecisionTold       DecisionOutcome = "told"       // an offer is made
	DecisionCalled     DecisionOutcome = "called"     // a person calls
	DecisionJoined     DecisionOutcome = "joined"     // a case that stood took it in
	DecisionWithheld   DecisionOutcome = "withheld"   // hold-out, or outside the pilot
	DecisionSuppressed DecisionOutcome = "suppressed" // no channel with consent
	DecisionCapped     DecisionOutcome = "capped"     // the customer has heard enough for now
	DecisionResting    DecisionOutcome = "resting"    // dealt with too recently
	DecisionNotDue     DecisionOutcome = "not_due"    // nothing to ask in for
)

// DecisionRecord is a decision of outreach about a vehicle with everything that it
// rested on, so that it can be made again, by the same policy or another. What
// is held back day after day has one record for each state of the prognoses.
type DecisionRecord struct {
	ID            string          `json:"id"`
	At            time.Time       `json:"at"`
	VIN           VIN             `json:"vin"`
	CustomerID    string          `json:"customer_id"`
	WorkshopID    string          `json:"workshop_id"`
	CaseID        string          `json:"case_id,omitempty" doc:"The case that it opened or that took it in"`
	Outcome       DecisionOutcome `json:"outcome" enum:"told,called,joined,withheld,suppressed,capped,resting,not_due"`
	PolicyVersion int64           `json:"policy_version" doc:"The policy in force then; 0 is the configuration's"`
	Known         json.RawMessage `json:"known" doc:"What was known then: needs, channels, what the customer was told"`
}

// DecisionFilter selects decision records, the oldest first.
type DecisionFilter struct {
	From, To time.Time // [From, To); zero: open
	AfterID  string    // the last record of the page before
	Limit    int       // 0 for all
}

// ToldOffer is an offer, no matter of safety, that was sent to a customer.
type ToldOffer struct {
	CaseID string    `json:"case_id"`
	At     time.Time `json:"at"` // of its last text
}
