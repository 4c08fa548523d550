package reply

import (
	"slices"
	"strings"
)

// illTimed tells that a clause calls a time too early or too late: what it names
// is refused, not taken.
func (c clause) illTimed() bool {
	return phrase(c.words, "ill-timed") || holds(c.text, "ill-timed-zh")
}

// evident leaves a meaning as it is unless something in the text speaks against it.
// Then it is in doubt, and ask tells that a question back is asked.
func (j judgement) evident(m Meaning) (sure Meaning, ask bool) {
	if m.Doubt || !j.contested(m.Kind) && !j.passesOver(m.Kind) {
		return m, false
	}
	return Meaning{Kind: m.Kind, Doubt: true}, true
}

// contested tells that a kind takes a time and the text speaks against it.
func (j judgement) contested(k Kind) bool {
	s := j.said
	switch {
	case k == Slot:
		return s.wavers() || s.scorns() || s.illTimed()
	case k == Yes && !j.x.Booked && j.bound():
		return s.wavers() || s.scorns() || s.refuses()
	}
	return false
}

// passesOver tells that a kind would only be answered, though the text takes a time too.
func (j judgement) passesOver(k Kind) bool {
	return !j.x.Booked && answers(k) && (j.rule.Slot > 0 || j.picksFirst())
}

// answers tells that a kind is answered and nothing is done.
func answers(k Kind) bool {
	return slices.Contains([]Kind{Price, Where, Danger, Question, Thanks}, k)
}

// picksFirst tells that a text begins with one of the times on offer and nothing
// else, so that what is asked behind it is not all that is wanted.
func (j judgement) picksFirst() bool {
	if len(j.said.clauses) < 2 {
		return false
	}
	c := j.said.clauses[0]
	alone := said{clauses: []clause{c}}
	return !c.chinese() && !c.illTimed() && fittingOf(alone, j.x).only() > 0 && all(without(c.words, "polite"), "timed")
}

// illTimed tells that a time is called too early or too late somewhere.
func (s said) illTimed() bool { return slices.ContainsFunc(s.clauses, clause.illTimed) }

// refuses tells that something in a text is said not to suit.
func (s said) refuses() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return c.illTimed() || has(c.words, "impossible", "turned-down") && !phrase(c.words, "no-trouble") ||
			holds(c.text, "impossible-zh")
	})
}

// wavers is for "2 if my wife agrees" and 可能选2吧; "2 if that is ok" does not waver.
func (s said) wavers() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return has(c.words, "wavering") || one(c.words, "if") && !phrase(c.words, "if-polite") ||
			holds(c.text, "wavering-zh")
	})
}

// scorns tells of a face that says the opposite of the words beside it.
func (s said) scorns() bool { return strings.ContainsAny(s.whole, "🙄😒🤡💩🖕🤬😡😤") }

// turnedDown tells that what stands behind a number refuses it: "1 is no good".
func turnedDown(behind []string) bool {
	return has(behind, "turned-down") && !phrase(behind, "no-trouble")
}
