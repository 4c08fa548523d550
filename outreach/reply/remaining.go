package reply

import (
	"slices"
	"time"
)

// remaining is the slot of "not monday, and definitely not wednesday" and "the other
// one": all others are said not to suit, and nothing else is asked for; 0 without one.
func (j judgement) remaining() int {
	other := j.said.wantsOther()
	if j.x.Booked || j.of(Slot) < contraAt || elsewhen(j.said) && !other || j.open() {
		return 0
	}
	left := j.left(other)
	if len(left) != 1 || len(j.x.Times) < 2 || j.fit.named && !other && j.fit.only() != left[0] {
		return 0
	}
	return left[0]
}

// open tells that a text leaves it open whether it takes a time.
func (j judgement) open() bool { return j.said.wavers() || j.said.asks() || j.asksLater() }

// wantsOther is for "the other one" and 剩下那个: what was named is not wanted.
func (s said) wantsOther() bool {
	whole := s.joined()
	return phrase(whole.words, "other-one") || holds(whole.text, "other-one-zh")
}

// left are the slots of which no day is named as one that does not suit; where the
// other one is wanted no day is that is named at all.
func (j judgement) left(other bool) []int {
	var left []int
	for i, t := range j.x.Times {
		if !slices.ContainsFunc(j.said.clauses, func(c clause) bool { return (other || c.excludes()) && c.namesDay(t) }) {
			left = append(left, i+1)
		}
	}
	return left
}

// namesDay tells that a clause names the day of t, and not as the only one.
func (c clause) namesDay(t time.Time) bool {
	m := mentionEN(c.words).and(mentionZH(c.text))
	return !c.onlyThen() && !m.vague && len(m.weekdays)+len(m.dates) > 0 && m.fits(t)
}
