package casework

import (
	"slices"
	"time"

	"presage"
)

// PutOff tells until when a customer has put an open case off, by its history, the
// oldest event first. News of the car ends that: they did not know it then.
func PutOff(events []presage.CaseEvent) (until time.Time, off bool) {
	for _, e := range slices.Backward(events) {
		switch {
		case e.Reason.Code == presage.WhySnoozed && e.To == presage.CaseOpen:
			until, err := time.Parse(time.RFC3339, e.Reason.Args["until"])
			return until, err == nil
		case e.From != e.To, e.Reason.Code == presage.WhyDue, e.Reason.Code == presage.WhyAlert:
			return until, false
		}
	}
	return until, false
}

// AskedFor tells whether an offer is out because its customer wanted to be asked
// again, by the history of its case.
func AskedFor(events []presage.CaseEvent) bool {
	for i, e := range slices.Backward(events) {
		if e.To == presage.CaseOffered && e.From != e.To {
			_, off := PutOff(events[:i])
			return off && e.From == presage.CaseOpen
		}
	}
	return false
}
