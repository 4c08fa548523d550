package presage

import (
	"errors"
	"fmt"
	"time"
)

// Outcome is what a workshop found at a component.
type Outcome string

// The outcomes.
const (
	OutcomeConfirmed         Outcome = "confirmed"          // worn or faulty as predicted, replaced
	OutcomeWornNotDue        Outcome = "worn_not_due"       // some life was left, replaced all the same
	OutcomeNoFaultFound      Outcome = "no_fault_found"     // nothing wrong, nothing replaced
	OutcomeOtherCause        Outcome = "other_cause"        // the signs were real, and came from something else
	OutcomeReplacedElsewhere Outcome = "replaced_elsewhere" // somebody was faster
	OutcomeFailed            Outcome = "failed"             // broke down before the visit
)

// Outcomes are all of them.
func Outcomes() []Outcome {
	return []Outcome{
		OutcomeConfirmed, OutcomeWornNotDue, OutcomeNoFaultFound, OutcomeOtherCause, OutcomeReplacedElsewhere, OutcomeFailed,
	}
}

// Finding is what a workshop found at one component.
type Finding struct {
	Component ComponentID `json:"component"`
	Outcome   Outcome     `json:"outcome"`
	Replaced  bool        `json:"replaced"`
	Measured  *float64    `json:"measured,omitempty"` // in the component's unit, when it was measured by hand
	Cause     string      `json:"cause,omitempty"`    // of OutcomeOtherCause, in the technician's words
}

// WorkshopResult is the honest end of the loop: what the visit (or the tow
// truck, when BookingID is empty) found.
type WorkshopResult struct {
	BookingID  string         `json:"booking_id,omitempty"`
	VIN        VIN            `json:"vin"`
	At         time.Time      `json:"at"`
	OdometerKm Kilometre      `json:"odometer_km"`
	Findings   []Finding      `json:"findings"`
	PartsUsed  []PartQuantity `json:"parts_used"`
	Note       string         `json:"note,omitempty"`    // for colleagues: customers are not shown it
	Who        string         `json:"who,omitempty"`     // the technician
	Minutes    int            `json:"minutes,omitempty"` // worked on the car, 0 where nobody says
	// FirstTime tells that the car needs no other visit for it; nil where nobody says.
	FirstTime *bool `json:"fixed_first_time,omitempty"`
	// ConfirmedBy says that what looks doubtful is right all the same; Doubts are
	// the fields that looked so when the result was stored.
	ConfirmedBy string   `json:"confirmed_by,omitempty"`
	Doubts      []string `json:"doubts,omitempty"`
	// StoredAt is when the service kept it; the service sets it.
	StoredAt time.Time `json:"stored_at,omitzero"`
}

// ResultFault is one thing that is wrong with a result.
type ResultFault struct {
	Field    string // its path, such as "findings[0].measured"
	Why      Reason
	Doubtful bool // unlikely, not impossible: it is stored once somebody says that it is right
}

// ResultErrors are all that is wrong with a result, an ErrInvalid.
type ResultErrors []ResultFault

// Error names each field with its reason, one a line.
func (fs ResultErrors) Error() string {
	errs := make([]error, 0, len(fs))
	for _, f := range fs {
		errs = append(errs, fmt.Errorf("%s: %w: %s", f.Field, ErrInvalid, f.Why))
	}
	return errors.Join(errs...).Error()
}

// Is tells that they are an ErrInvalid.
func (ResultErrors) Is(kind error) bool { return kind == ErrInvalid }

// Label is one finding kept for the models: the component's state at an age and mileage.
type Label struct {
	VIN        VIN         `json:"vin"`
	Component  ComponentID `json:"component"`
	At         time.Time   `json:"at"`
	OdometerKm Kilometre   `json:"odometer_km"`
	Outcome    Outcome     `json:"outcome"`
	Replaced   bool        `json:"replaced"`
	Measured   *float64    `json:"measured,omitempty"`
	BookingID  string      `json:"booking_id,omitempty"`
}

// Labels are the findings of a result for the models.
func (r WorkshopResult) Labels() []Label {
	labels := make([]Label, 0, len(r.Findings))
	for _, f := range r.Findings {
		labels = append(labels, Label{
			VIN: r.VIN, Component: f.Component, At: r.At, OdometerKm: r.OdometerKm,
			Outcome: f.Outcome, Replaced: f.Replaced, Measured: f.Measured, BookingID: r.BookingID,
		})
	}
	return labels
}
