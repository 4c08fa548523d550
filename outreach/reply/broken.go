package reply

import (
	"slices"
	"strings"
)

// standing says of what was understood whether the car stands still. Who says so
// plainly wants help; beside another wish that is done, or where it only sounds like
// it, a person reads it.
func (m Meaning) standing(s said) Meaning {
	sure, maybe := s.breaksDown()
	switch {
	case !sure && !maybe, m.Kind == Reaction, m.Kind == Automatic:
		return m
	case !m.Doubt && (m.Kind == Stop || m.Kind == Start || elsewise(m.Kind, s)):
		m.Stands = true
		return m
	case sure:
		return Meaning{Kind: Broken, Stands: true, MayStop: m.MayStop}
	case m.Doubt, m.Kind == Unknown, m.Kind == Gibberish, m.Kind == Help, m.Kind == Complaint:
		return Meaning{Doubt: true, Kind: m.Kind, Stands: true, MayStop: m.MayStop}
	}
	m.Stands = !answers(m.Kind) // "can I tow a caravan" is answered
	return m
}

// elsewise tells that a wish is done whether the car stands still or not.
func elsewise(k Kind, s said) bool {
	whole := s.joined()
	return slices.Contains([]Kind{Cancel, Reschedule, Done, WrongPerson}, k) ||
		k == Sold && (has(whole.words, "gone") || holds(whole.text, "gone"))
}

// breaksDown tells whether a text says that the car does not drive any more. maybe is
// one that only sounds like it, or tells of a day before. What might happen, and what is
// over, is neither.
func (s said) breaksDown() (sure, maybe bool) {
	over := s.joined()
	if phrase(over.words, "not-broken") || holds(over.text, "not-broken-zh") {
		return false, false
	}
	for _, c := range s.clauses {
		if !supposed(c) {
			sure, maybe = sure || c.broken(), maybe || phrase(c.words, "broken-maybe") || holds(c.text, "broken-maybe-zh")
		}
	}
	late := has(over.words, "of-late") || holds(over.text, "of-late")
	return sure && !late, maybe || sure && late
}

// broken tells that a clause says that the car does not drive any more.
func (c clause) broken() bool {
	return phrase(c.words, "broken") || holds(c.text, "broken-zh") ||
		phrase(c.words, "starting") && !has(c.words, "not-cars")
}

// supposed tells that a clause is about what might be, or about long ago.
func supposed(c clause) bool {
	asks := strings.HasSuffix(c.text, "吗") || strings.HasSuffix(c.text, "么") && !strings.HasSuffix(c.text, "什么")
	return has(c.words, "supposing") || phrase(c.words, "supposing-phrase") || holds(c.text, "supposing-zh") ||
		asks && !holds(c.text, "broken-done-zh")
}
