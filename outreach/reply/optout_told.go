package reply

import (
	"slices"
	"strings"
)

// onlyTold tells that an opt-out is spoken of, not given: "I didn't say stop", "my wife
// texted stop, ignore it", 没想退订. Another clause that ends messages is an order still.
func onlyTold(s said) bool {
	whole := s.joined()
	told, unmeant := false, has(whole.words, "unmeant")
	if holds(whole.text, "still-sent-zh") {
		return false
	}
	rest := said{whole: s.whole}
	for _, c := range s.clauses {
		if c.tellsOfStop(unmeant) {
			told = true
		} else {
			rest.clauses = append(rest.clauses, c)
		}
	}
	if !told {
		return false
	}
	yes, _ := wantsNone(rest, true)
	return !yes
}

// tellsOfStop is for a clause that tells of a stop that was not meant; one of somebody
// else only where the text says so.
func (c clause) tellsOfStop(unmeant bool) bool {
	return slices.ContainsFunc(c.stops(), func(i int) bool {
		before := c.words[:i]
		meant := !has(before, "unmeant") && (!unmeant || !has(before, "others"))
		return has(last2(before), "telling") && !meant && !one(before, "you", "u")
	}) || deniedZH(c.text)
}

// meansNoStop is for "oops, didn't mean to send stop" and "that stop wasn't meant".
func (c clause) meansNoStop() bool {
	return slices.ContainsFunc(c.stops(), func(i int) bool {
		before, behind := c.words[:i], c.words[i+1:]
		return one(before, "mean", "meant", "intend") && has(before, "unmeant") && !one(before, "you", "u") ||
			last(before) == "that" && has(behind, "unmeant") && one(behind, "meant", "intended")
	})
}

// supposes tells that it is asked what an opt-out would do: "what happens if I reply
// STOP", 回TD会怎样.
func supposes(s said) bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		en := slices.ContainsFunc(c.stops(), func(i int) bool {
			before := c.words[:i]
			return has(before, "if-stopped") && one(before, "i") && (in(last(before), "telling") || last(before) == "text") &&
				(!sends(c.words[i:]) || phrase(c.words[i:], "asks-effect"))
		})
		return en || holds(c.text, "answered-zh") && holds(c.text, "if-stopped-zh")
	})
}

// stops are where a clause has a word for an opt-out.
func (c clause) stops() []int {
	return indexes(c.words, func(w string) bool { return isStop(w) || in(w, "stopped", "unsubscribe-begins") })
}

// last2 are the last two words.
func last2(words []string) []string { return words[max(0, len(words)-2):] }

// deniedZH is for 没想退订 and 不是要退订: a negation, small words, an opt-out.
func deniedZH(text string) bool {
	for _, stop := range class("stopping-zh") {
		before, _, found := strings.Cut(text, stop)
		if found && negatesZH(before) {
			return true
		}
	}
	return false
}

// negatesZH tells whether text ends in a negation with nothing but small words behind.
func negatesZH(text string) bool {
	for range 4 {
		for _, no := range class("unmeant-zh") {
			if rest, found := strings.CutSuffix(text, no); found {
				return !strings.HasSuffix(rest, "还") && !strings.HasSuffix(rest, "怎么") // 还没给我退订
			}
		}
		shorter := text
		for _, p := range class("between-zh") {
			if rest, found := strings.CutSuffix(text, p); found {
				shorter = rest
				break
			}
		}
		if shorter == text {
			return false
		}
		text = shorter
	}
	return false
}

// aboutJob tells that something is to be taken off a job: "delete the wipers from the
// list", 把雨刮那项删掉.
func aboutJob(s said) bool {
	whole := s.joined()
	en := has(whole.words, "removing") && has(whole.words, "job", "car-part") &&
		!one(whole.words, "me", "my", "us", "number", "data", "details", "stop") && !sends(whole.words)
	zh := holds(whole.text, "removing-zh") && holds(whole.text, "job-zh") && !holds(whole.text, "messaging-zh") &&
		!strings.ContainsAny(whole.text, "我号")
	return en || zh
}

// givesUpVisit is for "stop, don't do the brakes, I can't come" before a visit: not
// the messages but the visit is to end, unless they are named.
func givesUpVisit(s said) bool {
	whole := s.joined()
	if sends(whole.words) || one(whole.words, "unsubscribe", "everything") ||
		holds(whole.text, "messaging-zh", "optout-zh") {
		return false
	}
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		away := one(c.words, "come", "coming", "attend") ||
			one(c.words, "do", "fix", "change", "make", "need") && has(c.words, "visit", "car-part")
		return away && has(c.words, "impossible") && !c.ordered(true)
	})
}

// otherStops tells that the only stop in a text is another than that of messages: "takes
// ages to stop", "nearest bus stop?".
func (s said) otherStops() bool {
	other := false
	for _, c := range s.clauses {
		if sends(c.words) {
			return false
		}
		for _, i := range indexes(c.words, isStop) {
			if !otherStop(c.words, i) || one(head(c.words[i+1:], 2), "these", "this", "them", "those", "getting") {
				return false
			}
			other = true
		}
	}
	return other
}
