package presage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ActionKind is what a person did with a case.
type ActionKind string

// What a person can do with a case.
const (
	ActionCalled       ActionKind = "called"        // spoke to the customer, or tried to
	ActionAnswered     ActionKind = "answered"      // answered what the customer had written
	ActionSnoozed      ActionKind = "snoozed"       // looks at it again later
	ActionAssigned     ActionKind = "assigned"      // gave it to somebody
	ActionDeclined     ActionKind = "declined"      // the customer does not want the repair
	ActionRepaired     ActionKind = "repaired"      // another workshop has done it
	ActionClosed       ActionKind = "closed"        // nothing is left to do
	ActionOfferedAgain ActionKind = "offered_again" // gave it back to outreach, with new times
	ActionGoodwill     ActionKind = "goodwill"      // granted a share of the price
)

// ActionKinds are all of them.
func ActionKinds() []ActionKind {
	return []ActionKind{
		ActionCalled, ActionAnswered, ActionSnoozed, ActionAssigned, ActionDeclined, ActionRepaired, ActionClosed,
		ActionOfferedAgain, ActionGoodwill,
	}
}

// CallOutcome is what came of a call.
type CallOutcome string

// The outcomes of a call.
const (
	CallReached     CallOutcome = "reached"
	CallNoAnswer    CallOutcome = "no_answer"
	CallVoicemail   CallOutcome = "voicemail"
	CallWrongNumber CallOutcome = "wrong_number"
)

// CallOutcomes are all of them.
func CallOutcomes() []CallOutcome {
	return []CallOutcome{CallReached, CallNoAnswer, CallVoicemail, CallWrongNumber}
}

// State is where an outcome leaves its call task.
func (o CallOutcome) State() MessageState {
	switch o {
	case CallReached:
		return MessageSeen
	case CallVoicemail:
		return MessageDelivered
	case CallNoAnswer, CallWrongNumber:
	}
	return MessageFailed
}

// CallResult is what came of a call, and when the customer is called again; zero: not.
type CallResult struct {
	Outcome CallOutcome
	Again   time.Time
}

// CaseAction is what a person does with a case.
type CaseAction struct {
	CaseID string
	Kind   ActionKind
	Who    string      // the person
	Call   CallOutcome // of ActionCalled
	Note   string      // in the person's own words
	// Until is when a person looks at the case again: of ActionSnoozed, and of
	// ActionCalled and ActionAnswered if somebody has said when.
	Until time.Time
	Owner string // of ActionAssigned: who has it from now on
	// On is when another workshop did the repair: of ActionRepaired.
	On time.Time
	// Percent of the price is let off: of ActionGoodwill, 0 takes it back.
	Percent int
}

// The longest texts of an action, in characters.
const (
	longestName = 100
	longestNote = 500
	longestPast = 10 // years
)

// Validate says all that is wrong with an action, by field name; ErrInvalid.
func (a CaseAction) Validate(now time.Time) error {
	var faults []error
	check := func(ok bool, field, want string) {
		if !ok {
			faults = append(faults, AtField(field, fmt.Errorf("%w: want %s", ErrInvalid, want)))
		}
	}
	check(slices.Contains(ActionKinds(), a.Kind), "action", fmt.Sprintf("one of %v", ActionKinds()))
	check(strings.TrimSpace(a.Who) != "", "who", "the person's name")
	if a.Kind == ActionCalled {
		check(slices.Contains(CallOutcomes(), a.Call), "outcome", fmt.Sprintf("one of %v", CallOutcomes()))
	}
	check(a.Kind == ActionCalled || a.Call == "", "outcome", "none: it is of a call")
	check(a.percentFits(), "percent", "0 to 100, of goodwill alone")
	if a.Kind == ActionGoodwill {
		check(strings.TrimSpace(a.Note) != "", "note", "why the price is let off")
	}
	if a.Kind == ActionAnswered || a.Kind == ActionClosed {
		check(strings.TrimSpace(a.Note) != "", "note", "what was said or found")
	}
	plain := func(field string, err error) {
		if err != nil {
			faults = append(faults, AtField(field, err))
		}
	}
	plain("who", CheckPlain(a.Who, longestName))
	plain("owner", CheckPlain(a.Owner, longestName))
	plain("note", CheckNote(a.Note, longestNote))
	check(a.Kind != ActionAssigned || strings.TrimSpace(a.Owner) != "", "owner", "who has the case from now on")
	check(a.Kind == ActionAssigned || a.Owner == "", "owner", "none: it is of assigned")
	check(a.Owner != OwnerOutreach && a.Owner != OwnerWorkshop, "owner",
		"a person or a team; outreach has it again by offered_again, the workshop by a booking")
	want, ok := a.until(now)
	check(ok, "until", want)
	want, ok = a.on(now)
	check(ok, "on", want)
	return errors.Join(faults...)
}

// percentFits tells whether what is let off is a share, and of an action that lets off.
func (a CaseAction) percentFits() bool {
	if a.Kind != ActionGoodwill {
		return a.Percent == 0
	}
	return a.Percent >= 0 && a.Percent <= 100
}

// until tells whether the time of an action is what its kind wants.
func (a CaseAction) until(now time.Time) (want string, ok bool) {
	switch a.Kind {
	case ActionSnoozed:
		return "a time to come", a.Until.After(now)
	case ActionCalled, ActionAnswered:
		return "a time to come", a.Until.IsZero() || a.Until.After(now)
	default:
		return "none: it is of snoozed, called and answered", a.Until.IsZero()
	}
}

// on tells whether the day of a repair elsewhere is what its kind wants.
func (a CaseAction) on(now time.Time) (want string, ok bool) {
	if a.Kind != ActionRepaired {
		return "none: it is of repaired", a.On.IsZero()
	}
	return "the day of the repair: not to come, at most ten years ago",
		!a.On.After(now) && a.On.After(now.AddDate(-longestPast, 0, 0))
}
