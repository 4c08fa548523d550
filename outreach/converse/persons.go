package converse

import (
	"presage"
	"presage/outreach/reply"
)

// forPersons says why a person has to read a text, nothing when none has to; asks
// tells that it wants something.
func forPersons(h heard) (why presage.Reason, asks bool) {
	var about []talk
	if h.about != nil {
		about = append(about, *h.about)
	}
	switch Plan(h.meaning, situation(about)) {
	case Ignore, Stop, Start:
		return why, false
	case Close: // the owner of the car, and what was repaired, are a person's to check
		return presage.Because(presage.WhyNeedsPerson), true
	case Person:
		switch {
		case h.several != nil: // we ask for the car
		case h.meaning.Kind == reply.Unknown:
			why = presage.Because(presage.WhyNotUnderstood)
		default:
			why = presage.Because(presage.WhyNeedsPerson)
		}
	default:
	}
	return why, true
}
