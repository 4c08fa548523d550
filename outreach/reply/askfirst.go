package reply

import (
	"slices"
	"strings"
)

// askingFirst says of what was understood whether the customer wants to be asked before
// more is done to the car: "if you find anything else stop and call me". What is plainly
// wanted beside it is done; the rest is a wish for the workshop.
func (m Meaning) askingFirst(s said) Meaning {
	switch {
	case m.Kind == Reaction, m.Kind == Automatic, !m.Doubt && answers(m.Kind) && s.asks(), !s.asksFirst():
		return m
	case !m.Doubt && besides(m.Kind, s) && !answers(m.Kind):
		m.AskFirst = true
		return m
	}
	yes, unsure := optsOut(s.withoutHalt(), true)
	if yes {
		return Meaning{Kind: Stop, AskFirst: true, Stands: m.Stands, Fault: m.Fault}
	}
	return Meaning{Kind: AskFirst, AskFirst: true, MayStop: unsure || s.mayStopToo(), Stands: m.Stands, Fault: m.Fault}
}

// asksFirst tells that more work, or a higher price, is tied to a question to the customer.
// It goes by the whole text: the condition and the order often are clauses of their own.
func (s said) asksFirst() bool {
	whole := s.joined()
	more := phrase(whole.words, "more-work") || s.namesSum() || holds(whole.text, "more-work-zh")
	if !more || holds(whole.text, "many-texts-zh") {
		return false
	}
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return c.wantsToBeAsked() || c.stopsAtMore() || holds(c.text, "ask-me-zh") && !holds(c.text, "ask-not-zh")
	})
}

// wantsToBeAsked is for "call me first" and "without asking me", not for "dont call me".
func (c clause) wantsToBeAsked() bool {
	i := c.asksAt()
	return phrase(c.words, "asks-leave") || i >= 0 && !negated(c.words, i)
}

// asksAt is where the last order to ask begins; -1 without one.
func (c clause) asksAt() int {
	for i := range c.words {
		if phrase(c.words[i:], "ask-me") && !phrase(c.words[i+1:], "ask-me") {
			return i
		}
	}
	return -1
}

// stopsAtMore is for "stop if you find more problems".
func (c clause) stopsAtMore() bool {
	return slices.ContainsFunc(indexes(c.words, isStop), func(i int) bool {
		behind := c.words[i+1:]
		return next(behind, "if", "when", "once", "should") && phrase(behind, "more-work") && !sends(behind)
	})
}

// namesSum is for "over 200" and "mehr als 200 Euro", not for "over 100 texts".
func (s said) namesSum() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		above := func(w string) bool { return in(w, "above") }
		return slices.ContainsFunc(indexes(c.words, above), func(i int) bool {
			behind := c.words[i+1:]
			return numberIn(first(behind)) >= leastSum && !sends(head(behind, 2)) && !one(head(behind, 2), "times", "calls")
		})
	})
}

// leastSum tells a price from a number of messages or days.
const leastSum = 20

// stopsWork tells that what sounds like an opt-out stops the work only: without it, and
// what goes with it, nothing in the text ends messages.
func (s said) stopsWork() bool {
	if !s.asksFirst() {
		return false
	}
	yes, _ := wantsNone(s.withoutHalt(), true)
	return !yes
}

// mayStopToo is for "STOP. Call me before you do more": it may be both.
func (s said) mayStopToo() bool {
	if len(s.clauses) > 1 && s.clauses[0].ordered(false) {
		return true
	}
	end := s.clauses[len(s.clauses)-1]
	alone := said{clauses: []clause{end}}
	stops := slices.ContainsFunc(end.words, isStop) || end.ordered(false)
	return stops && !alone.asksFirst() && !end.wantsToBeAsked()
}

// withoutHalt leaves out the order to stop that has no message as its object.
func (s said) withoutHalt() said {
	rest := said{whole: s.whole}
	for _, c := range s.clauses {
		if i := c.asksAt(); i >= 0 && !negated(c.words, i) {
			c.words = c.words[:i]
		}
		if !object(c.words) {
			c.words = slices.DeleteFunc(slices.Clone(c.words), isStop)
		}
		if len(c.words) > 0 && !holds(c.text, "halt-zh") {
			rest.clauses = append(rest.clauses, clause{less(strings.Join(c.words, ""), "ask-me-zh"), c.words})
		}
	}
	return rest
}

// stopsAndCalls is for "stop and call me" and nothing else: the work or the messages are
// to stop.
func (s said) stopsAndCalls() bool {
	words := s.joined().words
	rest := without(words, "polite", "order")
	return len(rest) == 1 && one(rest, "call", "ring", "phone") && slices.ContainsFunc(words, isStop)
}
