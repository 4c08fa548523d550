package reply

import (
	"slices"
	"strings"
)

// optsOut tells whether no more messages are wanted. unsure is a text that might
// say so: it wants fewer, takes it back, or quotes us.
func optsOut(s said, booked bool) (yes, unsure bool) {
	own, quoted := unquoted(s)
	if len(own.clauses) == 0 && !strings.Contains(s.whole, "?") {
		own, quoted = s, false // nothing but what we asked for
	}
	yes, unsure = wantsNone(own, booked)
	for _, find := range []func(said) (bool, bool){byLaw, signs} {
		found, doubt := find(own)
		yes, unsure = yes || found, unsure || doubt
	}
	if quoted && !yes {
		unsure = unsure || orders(s, booked)
		yes = slices.ContainsFunc(own.clauses, answeredZH)
	}
	if yes && otherwiseMeant(s, own, booked) {
		return false, true
	}
	return yes, unsure && !yes
}

// otherwiseMeant tells that an opt-out is taken back, only told or asked about, or is
// about a job, the work or a visit, or is a company's word in the whole text.
func otherwiseMeant(whole, s said, booked bool) bool {
	return whole.fromCompany(booked) || takenBack(s, booked) || onlyTold(s) || supposes(s) || aboutJob(s) ||
		s.stopsWork() || booked && (givesUpVisit(s) || s.stopsAndCalls())
}

// orders tells that a text opts out or might, when our own words in it count too.
func orders(s said, booked bool) bool {
	yes, unsure := wantsNone(s, booked)
	return yes || unsure
}

// wantsNone is a bare keyword, or a clause that wants no more messages. unsure is
// a clause that might: it wants fewer, at other hours, or for a while.
func wantsNone(s said, booked bool) (yes, unsure bool) {
	whole := s.joined()
	if keyword(whole.words, booked) || keywordZH(whole.text, booked) || erases(s, whole) ||
		holds(whole.text, "stoppage-zh") && holds(whole.text, "still-sent-zh") {
		return true, false
	}
	for i, c := range s.clauses {
		switch {
		case c.ordered(booked):
			return true, false
		case !c.optsOut(booked):
		case forAWhile(c), otherwise(s.clauses, i), booked && mild(s, c):
			unsure = true
		default:
			return true, false
		}
	}
	return false, unsure
}

// erases is for "who gave you my number? delete it": an order of its own, about
// what another clause names.
func erases(s said, whole clause) bool {
	if !one(whole.words, "number", "details", "data") && !holds(whole.text, "details-zh") {
		return false
	}
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return in(first(c.words), "removing") && all(c.words, "erase-order") || in(c.text, "erase-order-zh")
	})
}

// mild is for 不用提醒 before a visit: it may be the one reminder only, where
// nothing else in the text is an order.
func mild(s said, c clause) bool {
	return holds(c.text, "mild-zh") && !strings.Contains(c.text, "再") &&
		!slices.ContainsFunc(s.clauses, func(c clause) bool { return in(c.text, "clause-zh") })
}

// optsOut tells whether a clause says that no more messages are wanted.
func (c clause) optsOut(booked bool) bool {
	return clauseEN(c.words, booked) || stopsEN(c.words) || c.chinese() && clauseZH(c.text, booked)
}

// ordered tells whether a clause is a bare order to stop: "stop", "stop or I
// report you", 停.
func (c clause) ordered(booked bool) bool {
	bare := without(c.words, "polite")
	return !booked && in(c.text, "clause-zh") || all(bare, "order") ||
		len(bare) > 2 && bare[0] == "stop" && slices.Contains([]string{"or", "else"}, bare[1])
}

// keyword is for a message of nothing else.
func keyword(words []string, booked bool) bool {
	bare := without(words, "polite")
	if len(bare) > 1 && next(bare, "reply", "text", "send") {
		bare = bare[1:]
	}
	switch said := strings.Join(bare, " "); {
	case said == "cancel":
		return !booked || slices.Contains(words, "all") && !slices.Contains(words, "it")
	case in(strings.Join(bare, "_"), "keywords"), in(strings.Join(words, "_"), "keywords"), all(bare, "keyword"):
		return true
	default:
		return isStop(said) || misspelt(said, "stop") || mistyped(said, "stop") || !booked && misspelt(said, "cancel")
	}
}

func keywordZH(text string, booked bool) bool {
	bare := less(text, "polite-zh")
	if rest, ok := cut(bare, "answer-zh"); ok && rest != "" {
		bare = rest
	}
	return in(bare, "keyword-zh") || typedZH(bare) || !booked && in(bare, "keyword-free-zh")
}

// misspelt tells whether word is want, or want with two letters swapped, one
// missing, one too many or a wrong one in front.
func misspelt(word, want string) bool {
	switch {
	case word == want:
		return true
	case in(word, "real") || word == "":
		return false
	case len(word) == len(want):
		return word[1:] == want[1:] || swapped(word, want)
	case len(word) < len(want):
		return shorter(want, word)
	}
	return shorter(word, want)
}

// mistyped tells whether word is want with another letter in one place.
func mistyped(word, want string) bool {
	return !in(word, "real") && len(word) == len(want) && oneOther(word, want)
}

// swapped tells whether two neighbours of a are in each other's place in b.
func swapped(a, b string) bool {
	for i := 1; i < len(a); i++ {
		if a[:i-1]+a[i:i+1]+a[i-1:i]+a[i+1:] == b {
			return true
		}
	}
	return false
}

// shorter tells whether b is a without one letter; the first is seldom missed.
func shorter(a, b string) bool {
	for i := 1; i < len(a); i++ {
		if a[:i]+a[i+1:] == b {
			return true
		}
	}
	return false
}

// forAWhile tells whether a clause names an hour, a limit or another way.
func forAWhile(c clause) bool {
	for i, w := range c.words {
		rest := c.words[i+1:]
		switch {
		case in(w, "limit") && !fromThen(c.words[:i]), w == "at" && len(rest) > 0 && !next(rest, "once", "all", "your"),
			limitsBehind(w, rest):
			return true
		}
	}
	return holds(c.text, "limit-zh") && !holds(c.text, "from-now-zh")
}

// limitsBehind is for "before nine" and "after work", not for "after I opted out".
func limitsBehind(w string, rest []string) bool {
	return (w == "before" || w == "after") && len(rest) > 0 && !next(rest, "to", "and", "but", "that", "this") &&
		!hasAsked(rest)
}

// fromThen tells that what follows is when it begins: "as of today".
func fromThen(before []string) bool {
	return one(last2(before), "from", "of", "starting", "effective", "since")
}

// hasAsked is for what stands behind "after": "I opted out".
func hasAsked(rest []string) bool {
	return next(rest, "i", "we", "asking", "telling", "opting", "unsubscribing") &&
		has(head(rest, 3), "telling", "stopped", "unsubscribe-begins", "off") || next(rest, "asking", "telling", "opting")
}

// otherwise tells whether another clause than the one at i asks for a word at
// another time or in another way.
func otherwise(clauses []clause, i int) bool {
	for j, c := range clauses {
		if j == i {
			continue
		}
		if holds(c.text, "otherwise-zh") && !holds(c.text, "never-zh") ||
			next(c.words, "text", "message", "remind") && one(c.words, "instead", "again") && !one(c.words, "stop") {
			return true
		}
	}
	return false
}
