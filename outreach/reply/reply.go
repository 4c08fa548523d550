// Package reply reads what customers answer by text, in Chinese and English.
// It understands little on purpose: a slot's number, yes, no, another time,
// cancel, stop, help and start. Everything else is a person's work.
//
// It goes by small rules over clauses, from the one that must not be missed to
// the one that may: what a machine sent, then whether messages are wanted at
// all, then the visit. A clause that might withdraw consent, but for a while or
// in part only, is not understood: a person decides.
//
// Where no rule decides, two models do, which read different things; where they or a
// part of the text speak against what would be done, it is asked back or a person's.
package reply

import (
	"strconv"
	"time"
)

// Kind is what a reply asks for.
type Kind string

// The kinds. Unknown goes to an adviser.
const (
	Unknown     Kind = ""
	Slot        Kind = "slot"
	Yes         Kind = "yes"
	No          Kind = "no"
	Reschedule  Kind = "reschedule"
	Later       Kind = "later"  // not now, ask again
	Cancel      Kind = "cancel" // the visit, not the messages
	Stop        Kind = "stop"
	Help        Kind = "help"
	Start       Kind = "start"
	Price       Kind = "price"
	Where       Kind = "where"
	Danger      Kind = "danger" // may it be driven, what happens otherwise
	Question    Kind = "question"
	Done        Kind = "done"         // repaired already
	Sold        Kind = "sold"         // has the car no more
	WrongPerson Kind = "wrong_person" // never was the customer
	Broken      Kind = "broken_down"  // the car stands still: help is wanted at once
	AskFirst    Kind = "ask_first"    // no more is to be done to the car without asking
	Complaint   Kind = "complaint"
	Gibberish   Kind = "gibberish"
	Thanks      Kind = "thanks"     // asks for nothing
	Reaction    Kind = "reaction"   // a tapback of a telephone: means nothing, wants no answer
	Automatic   Kind = "auto_reply" // nobody read our message yet: wants no answer
)

// Topic is what a question is about that is answered from what is known.
type Topic string

// The topics.
const (
	TopicLasts  Topic = "lasts"  // how long it takes
	TopicHours  Topic = "hours"  // when the workshop is open
	TopicStay   Topic = "stay"   // whether one may wait, or has another car meanwhile
	TopicSource Topic = "source" // whether the message is ours, which car it is about, how we know
	TopicVisit  Topic = "visit"  // when the booked visit is
)

// Meaning is one understood reply.
type Meaning struct {
	Kind Kind
	Slot int // 1.. for kind Slot, else 0
	// Doubt: Kind is only likely, a person decides.
	Doubt bool
	// MayStop: no more messages may be wanted, but that is not sure.
	MayStop bool
	// AskBack: in doubt, but it is about the visit, so that a question back will do.
	AskBack bool
	Topic   Topic // of kind Question: what we can answer by ourselves, "" for nothing
	// Stands: the car stands still, or it sounds like it; a person reads it at once.
	Stands bool
	// Fault: the car has a fault that was felt or seen, such as smoke or a soft pedal; a
	// person reads it at once.
	Fault bool
	// AskFirst: the workshop is to ask before it does more, whatever else is wanted.
	AskFirst bool
	// Person: the help that is wanted is a person's, not a text's.
	Person bool
	// Claims: the opt-out asks for more, such as that data be erased.
	Claims bool
	// Wish is the moment that was named, zero for none: where to look for free times.
	Wish time.Time
	// Past is the day on which the repair is said to have been done, of kind Done;
	// zero when none was named. Around: only a week or a month was.
	Past   time.Time
	Around bool
	// Again is from when somebody wants to be asked again, of kind Later; zero when
	// none was named.
	Again time.Time
	// chance is how likely the model takes Kind for; 0 where a rule decided.
	chance float64
}

// Chance is how likely the model takes the kind for; 0 where a rule decided.
func (m Meaning) Chance() float64 { return m.chance }

// String is the form kept with the reply: "slot:2", "yes", ...; "" when not understood.
func (m Meaning) String() string {
	if m.Doubt {
		return ""
	}
	if m.Kind == Slot {
		return "slot:" + strconv.Itoa(m.Slot)
	}
	return string(m.Kind)
}

// Sure is m where it is no guess, else that nothing was understood.
func (m Meaning) Sure() Meaning {
	if m.Doubt {
		return Meaning{
			Doubt: true, MayStop: m.MayStop, AskBack: m.AskBack, Stands: m.Stands, Fault: m.Fault, AskFirst: m.AskFirst,
		}
	}
	return m
}

// Silent tells that a reply wants neither an act nor an answer.
func (m Meaning) Silent() bool {
	return !m.Doubt && (m.Kind == Reaction || m.Kind == Automatic || m.Kind == Thanks)
}

// Asked is what a message of ours asked for, if not for one of the slots.
type Asked string

// What is asked beside the offer.
const (
	AskedDone Asked = "repaired" // whether the repair is done already
	AskedWish Asked = "times"    // nothing by number: it named free times near a wish
)

// Context is what the reply answers.
type Context struct {
	Booked bool // a visit is booked, so that CANCEL is about the visit
	// Withdrawn: the offer does not stand any more, so that yes alone takes nothing.
	Withdrawn bool
	Slots     int // how many slots were offered, so that "the last one" has a number
	// Times are when they begin, in the workshop's zone; empty when not known.
	Times []time.Time
	Now   time.Time // in the workshop's zone
	// Asked is what our last message asked, "" for a choice of the slots.
	Asked Asked
	// AskedBefore: our last message asked what is wanted, or a person wrote it or was
	// to take over. Nobody is asked twice.
	AskedBefore bool
	// AskedWhen: our last message asked when to ask again, or said when we do.
	AskedWhen bool
}

// Parse reads the answer to an offer of three slots.
func Parse(text string) Meaning { return Read(text, Context{Slots: 3}).Sure() }

// ByRule reads by the rules alone: what is not one of their words means nothing.
func ByRule(text string, x Context) Meaning { return NewReader(nil, nil).Read(text, x) }
