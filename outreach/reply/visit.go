package reply

import "strings"

// cancels tells whether a visit is to be given up. A bare CANCEL is about the
// visit where there is one.
func cancels(s said, booked bool) bool {
	for _, c := range s.clauses {
		for i := range c.words {
			if !negated(c.words, i) && !needless(c.words[:i]) && givesUp(c.words[i], head(c.words[i+1:], 6), booked) {
				return true
			}
		}
		if cancelsZH(c.text, booked) {
			return true
		}
	}
	return false
}

// needless is for "no need to cancel".
func needless(before []string) bool {
	return len(before) > 2 && strings.Join(before[len(before)-3:], " ") == "no need to"
}

// givesUp tells whether a word with what follows gives up a visit.
func givesUp(w string, rest []string, booked bool) bool {
	if next(rest, "by") { // stop by
		return false
	}
	bare := misspelt(w, "cancel")
	return (bare || in(w, "cancel") || w == "call" && one(rest, "off")) && has(rest, "visit", "visit-begins") ||
		booked && bare && len(without(rest, "polite")) == 0
}

func cancelsZH(c string, booked bool) bool {
	switch {
	case holds(c, "not-cancel-zh"):
		return false
	case holds(c, "cancel-zh"):
		return booked || strings.Contains(c, "预约")
	}
	away := strings.TrimPrefix(less(c, "polite-zh"), "我")
	return booked && (holds(c, "give-up-zh") && holds(c, "visit-zh") || in(away, "stay-away-zh"))
}

// meets is for "see you monday": whatever day is named, it is no new wish.
func meets(s said) bool {
	whole := s.joined()
	return (phrase(whole.words, "meets") || strings.HasSuffix(strings.TrimRight(whole.text, "啦了哦喔"), "见")) &&
		!elsewhen(s) && !strings.ContainsAny(s.whole, "?不没晚迟改换")
}

// keepsVisit is for "dont cancel it".
func keepsVisit(s said) bool {
	for _, c := range s.clauses {
		for i, w := range c.words {
			if w == "cancel" && (negated(c.words, i) || needless(c.words[:i])) {
				return true
			}
		}
		if holds(c.text, "keep-zh") || phrase(c.words, "keeps") {
			return true
		}
	}
	return false
}
