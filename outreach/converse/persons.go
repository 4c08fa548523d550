package converse

import (
	"context"
	"fmt"

	"presage"
	"presage/outreach/reply"
)

// action is what the service does with a text.
func (h heard) action() Action {
	var about []talk
	if h.about != nil {
		about = append(about, *h.about)
	}
	return Plan(h.meaning, situation(about))
}

// mayStop tells that a text may be an opt-out, so that a person has to decide.
func (h heard) mayStop() bool { return h.meaning.MayStop && h.action() == Person }

// forPersons says why a person has to read a text, nothing when none has to; asks
// tells that it wants something.
func forPersons(h heard) (why presage.Reason, asks bool) {
	if why = besides(h.meaning); !why.IsZero() { // whatever else is wanted
		return why, true
	}
	switch h.action() {
	case Stop: // it is done at once; what else the law gives is a person's
		if h.meaning.Claims {
			return presage.Because(presage.WhyNeedsPerson), true
		}
		return why, false
	case Ignore, Start:
		return why, false
	case Close: // the owner of the car, and what was repaired, are a person's to check
		return presage.Because(presage.WhyNeedsPerson), true
	case Person:
		switch {
		case h.several != nil: // we ask for the car
		case h.meaning.MayStop:
			why = presage.Because(presage.WhyMayStop)
		case h.meaning.Kind == reply.Unknown:
			why = presage.Because(presage.WhyNotUnderstood)
		default:
			why = presage.Because(presage.WhyNeedsPerson)
		}
	default:
	}
	return why, true
}

// besides is a reason to call at once, or what the workshop is to ask before, nothing
// without one; beside it, that the customer may want no more messages.
func besides(m reply.Meaning) (why presage.Reason) {
	switch {
	case m.Stands:
		why = presage.Because(presage.WhyStandsStill)
	case m.Fault:
		why = presage.Because(presage.WhyFaultTold)
	case m.AskFirst:
		why = presage.Because(presage.WhyAskFirst)
	default:
		return why
	}
	if m.MayStop {
		why = why.With(presage.Because(presage.WhyMayStop))
	}
	return why
}

// others puts what may be an opt-out to a person for each customer who shares the
// number: an opt-out would count for all of them. A clear text ends the doubt for all.
func (l *Listener) others(ctx context.Context, cs []presage.Customer, h heard, r presage.Reply) error {
	a := h.action()
	sure := a != Person && a != Ignore && !h.meaning.Doubt && h.meaning.Kind != reply.Gibberish
	for _, c := range cs {
		var err error
		switch {
		case sure:
			err = l.Persons.WroteClearly(ctx, c.ID)
		case h.mayStop() && c.ID != r.CustomerID:
			r.CustomerID, r.CaseID = c.ID, ""
			err = l.Persons.Heard(ctx, r, presage.Because(presage.WhyMayStop), true)
		}
		if err != nil {
			return fmt.Errorf("reply: %w", err)
		}
	}
	return nil
}
