// Package reply reads what customers answer by text, in Chinese and English.
// It understands little on purpose: a slot's number, yes, no, another time,
// cancel, stop, help and start. Everything else is a person's work.
//
// It goes by small rules over clauses, from the one that must not be missed to
// the one that may: what a machine sent, then whether messages are wanted at
// all, then the visit. A clause that might withdraw consent, but for a while or
// in part only, is not understood: a person decides.
package reply

import "strconv"

// Kind is what a reply asks for.
type Kind string

// The kinds. Unknown goes to an adviser.
const (
	Unknown    Kind = ""
	Slot       Kind = "slot"
	Yes        Kind = "yes"
	No         Kind = "no"
	Reschedule Kind = "reschedule"
	Cancel     Kind = "cancel" // the visit, not the messages
	Stop       Kind = "stop"
	Help       Kind = "help"
	Start      Kind = "start"
	Thanks     Kind = "thanks"     // asks for nothing
	Reaction   Kind = "reaction"   // a tapback of a telephone: means nothing, wants no answer
	Automatic  Kind = "auto_reply" // nobody read our message yet: wants no answer
)

// Meaning is one understood reply.
type Meaning struct {
	Kind Kind
	Slot int // 1.. for kind Slot, else 0
}

// String is the form kept with the reply: "slot:2", "yes", ...; "" when not understood.
func (m Meaning) String() string {
	if m.Kind == Slot {
		return "slot:" + strconv.Itoa(m.Slot)
	}
	return string(m.Kind)
}

// Silent tells that a reply wants neither an act nor an answer.
func (m Meaning) Silent() bool { return m.Kind == Reaction || m.Kind == Automatic || m.Kind == Thanks }

// Context is what the reply answers.
type Context struct {
	Booked bool // a visit is booked, so that CANCEL is about the visit
	Slots  int  // how many slots were offered, so that "the last one" has a number
}

// Parse reads the answer to an offer of three slots.
func Parse(text string) Meaning { return Read(text, Context{Slots: 3}) }

// Read reads a reply. Case, width, invisible characters and punctuation do not
// count. A wish for no more messages wins over everything else that is said.
// "R" is the refusal that Chinese carriers prescribe, as is "TD".
func Read(text string, x Context) Meaning {
	s := read(text)
	switch {
	case reaction(s.whole):
		return Meaning{Kind: Reaction}
	case automatic(s):
		return Meaning{Kind: Automatic}
	case startsAgain(s):
		return Meaning{Kind: Start}
	}
	stop, unsure := optsOut(s, x.Booked)
	switch {
	case stop:
		return Meaning{Kind: Stop}
	case unsure:
		return Meaning{}
	case cancels(s, x.Booked):
		return Meaning{Kind: Cancel}
	case keepsVisit(s):
		return Meaning{Kind: Yes}
	}
	if n := choice(s, x.Slots); n > 0 {
		return Meaning{Kind: Slot, Slot: n}
	}
	return Meaning{Kind: short(s)}
}
