package converse

import (
	"slices"

	"presage/outreach/reply"
)

// Action is what the service does with a text.
type Action string

// The actions. Person means that somebody at the workshop reads it; Answer tells
// something and asks for nothing, Ask wants another text.
const (
	Book    Action = "book"
	Decline Action = "decline"
	Stop    Action = "stop"
	Start   Action = "start"
	Help    Action = "help"
	Cancel  Action = "cancel"
	Close   Action = "close"
	Ask     Action = "ask"
	Answer  Action = "answer"
	Ignore  Action = "ignore"
	Fetch   Action = "fetch" // the car: it stands still
	Person  Action = "person"
)

// Listed is an action among those that `presage outreach understand` lists: whose car is
// fetched has a person on it from then on.
func (a Action) Listed() Action {
	if a == Fetch {
		return Person
	}
	return a
}

// Plan is what the service does with a text that means m, where x is what it
// answers. Who is still not understood after we asked reaches a person, as does who
// tells of a fault that was felt or seen.
func Plan(m reply.Meaning, x reply.Context) Action {
	a := planAsked(m, x)
	if m.Fault && slices.Contains([]Action{Ask, Answer, Help, Ignore}, a) {
		return Person
	}
	return a
}

// planAsked is for what is said, whatever fault of the car is told beside it.
func planAsked(m reply.Meaning, x reply.Context) Action {
	if x.AskedBefore && (m.Doubt || m.Kind == reply.Gibberish || m.Kind == reply.Yes && planYes(x) == Ask) {
		return Person
	}
	if m.Doubt {
		if m.AskBack {
			return Ask
		}
		return Person
	}
	return planKind(m, x)
}

// planKind is for what is understood.
//
//nolint:cyclop // a list of forms, read from the top
func planKind(m reply.Meaning, x reply.Context) Action {
	switch m.Kind {
	case reply.Stop:
		return Stop
	case reply.Start:
		return Start
	case reply.Reaction, reply.Automatic, reply.Thanks:
		return Ignore
	case reply.Slot:
		return planSlot(m.Slot, x)
	case reply.Yes:
		return planYes(x)
	case reply.No:
		return planNo(x)
	case reply.Cancel:
		if x.Booked {
			return Cancel
		}
		return Person
	case reply.Sold:
		return Close
	case reply.Broken:
		return Fetch
	case reply.Reschedule, reply.Done, reply.Gibberish:
		return Ask
	case reply.Later:
		return planLater(m, x)
	case reply.Price, reply.Where, reply.Danger:
		return Answer
	case reply.Help:
		if m.Person {
			return Person
		}
		return Help
	case reply.Question:
		if m.Topic != "" {
			return Answer
		}
	case reply.Unknown, reply.AnyWish, reply.WrongPerson, reply.Complaint, reply.AskFirst:
	}
	return Person
}

// planSlot books a slot that is on offer. What is booked stands: a number may
// come late.
func planSlot(number int, x reply.Context) Action {
	switch {
	case x.Booked && x.Asked == "":
		return Answer
	case x.Asked == reply.AskedDone && number == 1:
		return Close
	case x.Asked != "":
		return Ask
	case number > x.Slots:
		return Ask
	default:
		return Book
	}
}

// planYes takes yes to a reminder as seen, and to the only slot as that one.
func planYes(x reply.Context) Action {
	switch {
	case x.Asked == reply.AskedDone:
		return Close
	case x.Booked:
		return Ignore
	case x.Slots == 1 && x.Asked == "" && !x.Withdrawn:
		return Book
	default:
		return Ask
	}
}

// planLater asks when to ask again, once; "not now" may be a no too.
func planLater(m reply.Meaning, x reply.Context) Action {
	if m.Again.IsZero() && !x.Booked && !x.AskedBefore && !x.AskedWhen {
		return Ask
	}
	return Answer
}

// planNo ends an offer, but not by an answer to another question of ours.
func planNo(x reply.Context) Action {
	if x.Asked == reply.AskedDone {
		return Ask
	}
	return Decline
}
