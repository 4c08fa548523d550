package reply

import "strings"

// felt says of what was understood whether it tells of a fault that was felt or seen. What
// else is plainly wanted is done beside it; the rest is taken as about the danger.
func (m Meaning) felt(s said) Meaning {
	switch {
	case m.Kind == Reaction, m.Kind == Automatic, m.Kind == Broken, !s.tellsOfFault():
		return m
	case m.Doubt && m.MayStop, m.Kind == Complaint, !m.Doubt && besides(m.Kind, s):
		m.Fault = true
		return m
	}
	return Meaning{Kind: Danger, Fault: true, MayStop: m.MayStop, Stands: m.Stands}
}

// besides tells that a wish is done, or answered, whether the car has a fault or not. A
// no beside a fault is a person's to take.
func besides(k Kind, s said) bool {
	switch k {
	case Slot, Yes, Stop, Start, Later, Price, Where, Question, Danger:
		return true
	default:
		return elsewise(k, s)
	}
}

// tellsOfFault tells that a text says that the car smokes, smells burnt, brakes or
// steers badly, or shows a warning. What is only feared or denied is none.
func (s said) tellsOfFault() bool {
	for _, c := range s.clauses {
		text := less(c.text, "fault-not-zh")
		en := !phrase(c.words, "fault-not") && !has(c.words, "fault-feared", "fault-not-cars") && c.faultEN()
		zh := !fearedZH(text) && holds(text, "fault-zh")
		if en || zh {
			return true
		}
	}
	return false
}

// faultEN is for a part of the car with a word for how it fails, or a phrase of both.
func (c clause) faultEN() bool {
	return phrase(c.words, "fault") || has(c.words, "fault-part") && has(c.words, "fault-sign")
}

// fearedZH is for 会不会失灵 and 刹车会突然失灵吗.
func fearedZH(text string) bool {
	asks := strings.HasSuffix(text, "吗") || strings.HasSuffix(text, "么")
	return holds(text, "fault-feared-zh") || asks && strings.Contains(text, "会")
}
