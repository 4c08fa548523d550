package reply

import (
	"slices"
	"strings"
)

// form is one thing that a text can be, and how it is told.
type form struct {
	kind Kind
	is   func(said, Context) bool
}

// byRule is what the rules alone find: the first form that fits. doubt tells of a
// clause that might be an opt-out, for a while or in part.
func byRule(s said, x Context) (m Meaning, doubt bool) {
	if k := firstOf(aboutMessages(), s, x); k != Unknown {
		return Meaning{Kind: k}, false
	}
	switch stop, unsure := optsOut(s, x.Booked); {
	case stop:
		return Meaning{Kind: Stop}, false
	case unsure:
		return Meaning{}, true
	}
	if k := firstOf(aboutVisit(), s, x); k != Unknown {
		return Meaning{Kind: k}, false
	}
	if n := choice(withoutQuotes(s), x.Slots); n > 0 {
		return Meaning{Kind: Slot, Slot: n}, false
	}
	return Meaning{Kind: short(s)}, false
}

func firstOf(forms []form, s said, x Context) Kind {
	for _, f := range forms {
		if f.is(s, x) {
			return f.kind
		}
	}
	return Unknown
}

// aboutMessages is what has to be told before an opt-out: what no person wrote,
// and who wants messages again.
func aboutMessages() []form {
	return []form{
		{Reaction, func(s said, _ Context) bool { return reaction(s.whole) }},
		{Automatic, func(s said, _ Context) bool { return automatic(s) }},
		{Start, func(s said, _ Context) bool { return startsAgain(s) }},
	}
}

// aboutVisit is what happens to a visit that stands. Who gives one up and names
// another time in the same text wants to move it.
func aboutVisit() []form {
	return []form{
		{Reschedule, func(s said, x Context) bool { return (cancels(s, x.Booked) || keepsVisit(s)) && elsewhen(s) }},
		{Complaint, func(s said, x Context) bool { return x.Booked && misbooked(s.joined()) }},
		{Cancel, func(s said, x Context) bool { return cancels(s, x.Booked) }},
		{Complaint, func(s said, x Context) bool { return x.Booked && turnedAway(s.joined()) }},
		{Yes, func(s said, _ Context) bool { return keepsVisit(s) }},
		{Yes, func(s said, x Context) bool { return x.Booked && meets(s) }},
		{No, func(s said, x Context) bool { return x.Asked == AskedDone && notDone(s.joined()) }},
	}
}

// turnedAway is for who stands before us in vain: "I'm outside and the gate is locked", 我到门口了没人.
func turnedAway(whole clause) bool {
	return has(whole.words, "at-place") && (has(whole.words, "in-vain") || phrase(whole.words, "in-vain-phrase")) ||
		holds(whole.text, "at-place-zh") && holds(whole.text, "in-vain-zh")
}

// misbooked is for "I wrote 1 and you put me down for 2" and 我回的1怎么给我约成2.
func misbooked(whole clause) bool {
	i := slices.IndexFunc(whole.words, func(w string) bool { return in(w, "misbooked-told") })
	if i > 0 && next(whole.words[i-1:], "i", "we") {
		behind := whole.words[i:]
		you := slices.IndexFunc(behind, func(w string) bool { return w == "you" || w == "u" || w == "its" || w == "they" })
		return you > 0 && has(behind[you:], "misbooked-given") && numbers(behind[:you]) > 0 && numbers(behind[you:]) > 0
	}
	return holds(whole.text, "misbooked-zh") && strings.ContainsAny(whole.text, "我")
}

// numbers counts the numbers of slots.
func numbers(words []string) int {
	return len(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return numeral(w) == 0 }))
}

// notDone is a no to "did another workshop do this".
func notDone(whole clause) bool {
	return in(strings.Join(without(whole.words, "polite"), "_"), "not-done") ||
		in(less(whole.text, "polite-zh"), "not-done-zh")
}
