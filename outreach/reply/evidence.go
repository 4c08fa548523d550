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
	case k == No:
		return s.forNow() || s.wantsDone()
	}
	return false
}

// forNow is for "not right now" and 不用了，已经换了: a no that may not end the offer, or
// ends more than it.
func (s said) forNow() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return phrase(c.words, "for-now", "done-already") || holds(c.text, "for-now-zh", "done-already-zh")
	})
}

// wantsDone is for "brakes are not the place to save money so let's have it done".
func (s said) wantsDone() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool { return phrase(c.words, "wants-done") })
}

// occupied is for 周一九点我在开庭: a time that is named because something else is then.
func (s said) occupied() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return !c.books() && (has(c.words, "occupied") || holds(less(c.text, "work-trip-zh"), "occupied-zh"))
	})
}

// notSold is for "my sister sold her car" and 准备把车卖了: another car, or not yet.
func (s said) notSold() bool {
	whole := s.joined()
	return phrase(whole.words, "others-car", "not-sold-yet") || holds(whole.text, "others-car-zh", "not-sold-yet-zh")
}

// endsAsking tells that a text ends in a question.
func (s said) endsAsking() bool {
	return strings.HasSuffix(s.whole, "?") || strings.HasSuffix(s.joined().text, "吗")
}

// passesOver tells that a kind would only be answered, though the text takes a time too.
func (j judgement) passesOver(k Kind) bool {
	return !j.x.Booked && answers(k) && (j.rule.Slot > 0 || j.picks())
}

// answers tells that a kind is answered and nothing is done.
func answers(k Kind) bool {
	return slices.Contains([]Kind{Price, Where, Danger, Question, Thanks}, k)
}

// picks tells that a part of a text names one of the times on offer and asks nothing,
// or begins with nothing else, so that what is asked beside it is not all that is
// wanted: "what's the damage? anyway put me on wed".
func (j judgement) picks() bool {
	if len(j.said.clauses) < 2 {
		return false
	}
	for i, c := range j.said.clauses {
		alone := said{whole: c.text, clauses: []clause{c}}
		if c.illTimed() || fittingOf(alone, j.x).only() == 0 {
			continue
		}
		if i == 0 && !c.chinese() && all(without(c.words, "polite"), "timed") || c.books() && alone.plainly() {
			return true
		}
	}
	return false
}

// books tells that a clause has a word that takes a time.
func (c clause) books() bool {
	return has(c.words, "booking-verb") && !has(c.words, "drive", "hours") ||
		holds(c.text, "booking-verb-zh") && !holds(c.text, "trip-zh")
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
	return has(behind, "turned-down") && !phrase(behind, "no-trouble") && !notOther(behind)
}
