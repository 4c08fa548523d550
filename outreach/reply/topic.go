package reply

import (
	"slices"
	"strings"
)

// asksHours is for "are you open on sunday" and 周末营业吗: a day in it is no wish.
func (s said) asksHours() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return has(c.words, "hours") && !phrase(c.words, "few-hours") && !one(c.words, "slot") && !has(c.words, "drive") &&
			!slices.ContainsFunc(c.words, clocked) ||
			holds(c.text, "hours-zh") && !holds(c.text, "hours-not-zh")
	})
}

// clocked tells that a word is an hour of its own: "at 14:00 hours".
func clocked(w string) bool {
	_, ok := clockTime(w)
	return ok
}

// asksDriving is for "towing on friday, problem?" and 明天跑长途行不行: whether the
// car may be driven, not when to come.
func (s said) asksDriving() bool {
	whole := s.joined()
	asks := strings.Contains(s.whole, "?") || has(head(whole.words, 2), "safe-asks") || one(whole.words, "problem")
	return asks && has(whole.words, "drive") && !one(whole.words, "test", "licence", "license", "collect", "pick") ||
		holds(whole.text, "trip-zh") && holds(whole.text, "safe-asks-zh")
}

// asksHolding is for "will they last till march" and 撑到年底行吗: how long it is safe,
// not when to come.
func (s said) asksHolding() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return has(c.words, "lasts-until") && has(c.words, "until") && !one(c.words, "appointment", "booking") ||
			holds(c.text, "holds-out-zh") && holds(c.text, "safe-asks-zh")
	})
}

// protests is anger about us, or about too many messages.
func (s said) protests() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return has(c.words, "protest") || phrase(c.words, "protest-phrase") ||
			holds(c.text, "protest-zh") && !strings.Contains(c.text, "很满意")
	})
}

// plainly tells that a time that fits the offer is taken, not asked about, moved
// or named as a limit.
// A part that says when it cannot be does not count.
func (s said) plainly() bool {
	if strings.ContainsAny(s.whole, "?吗么呢") {
		return false
	}
	for i, c := range s.clauses {
		wishes := has(c.words, "asking", "elsewhen", "wishing") || holds(c.text, "wishing-zh")
		excludes := i < len(s.clauses)-1 && c.excludes() && !wishes
		if !excludes && (has(c.words, "unplain") || holds(c.text, "unplain-zh")) {
			return false
		}
	}
	return true
}
