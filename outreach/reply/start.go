package reply

import (
	"slices"
	"strings"
)

// startsAgain tells whether messages are wanted again, or were stopped by mistake.
func startsAgain(s said) bool {
	whole := s.joined()
	if asksAgain(whole) || permits(s) || wantsBack(s) || stoppedByMistake(s) || stoppedByMistakeZH(s) {
		return true
	}
	for i, w := range whole.words {
		if !negated(whole.words, i) && resumes(w, head(whole.words[i+1:], 5)) {
			return true
		}
	}
	return startsAgainZH(whole.text)
}

// asksAgain is for a text of nothing else: START, "opt in", 恢复.
func asksAgain(whole clause) bool {
	bare := without(whole.words, "polite")
	return all(bare, "start") || strings.Join(bare, " ") == "opt in" || phrase(whole.words, "wanted-again") ||
		in(less(whole.text, "polite-zh"), "start-zh")
}

// permits is for "ok you can text me again".
func permits(s said) bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		i := slices.IndexFunc(c.words, func(w string) bool { return in(w, "address") })
		if i < 0 || !next(c.words[i+1:], "me", "us") || !one(head(c.words[i+1:], 3), "again") {
			return false
		}
		return all(c.words[:i], "permitting") && !has(c.words, "threat", "threat-sure") &&
			!one(c.words, "and", "when", "about", "in", "next")
	})
}

// wantsBack is for "I want the texts back" and "I'd like to receive your messages again".
func wantsBack(s said) bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		i := slices.IndexFunc(c.words, func(w string) bool { return slices.Contains([]string{"want", "like", "love"}, w) })
		if i < 0 || has(c.words, "negation", "threat") || one(c.words, "if", "stop") {
			return false
		}
		again := last(c.words) == "again" && one(c.words[i:], "receive", "get", "receiving", "getting")
		return sends(c.words[i:]) && (again || one(head(c.words[i:], 6), "back"))
	})
}

// stoppedByMistake is for "I hit stop by accident" and "ignore my stop".
// The mistake is told of the stop: "you made a mistake, stop" wants none.
func stoppedByMistake(s said) bool {
	if phrase(s.joined().words, "not-meant") || slices.ContainsFunc(s.clauses, clause.meansNoStop) {
		return true
	}
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		w := c.words
		return has(w, "stopped") && (has(w, "mistake") || has(w, "undo") && len(w) < 7) && !has(w, "not-mine")
	})
}

// stoppedByMistakeZH is for 退订点错了; 打错了，退订 wants none.
func stoppedByMistakeZH(s said) bool {
	stopped := false
	for _, c := range s.clauses {
		stopped = stopped || holds(c.text, "stoppage-zh")
		if stopped && holds(c.text, "mistake-zh", "resume-zh") {
			return true
		}
	}
	return false
}

// resumes is for "put me back on", "start sending again", "opt me back in".
//
//nolint:cyclop // a list of forms, read from the top
func resumes(w string, rest []string) bool {
	switch w {
	case "opt", "opted":
		return one(rest, "back") && one(rest, "in")
	case "start", "resume", "restart", "continue":
		return sends(rest)
	}
	if w == "turn" || w == "switch" {
		return one(rest, "on") && (sends(rest) || one(rest, "them", "these")) && !one(rest, "off")
	}
	return strings.HasPrefix(w, "resub") ||
		in(w, "back") && one(rest, "back") && one(rest, "on", "in") && has(rest, "list")
}

func startsAgainZH(text string) bool {
	if holds(text, "open-zh") && holds(text, "what-zh") && !strings.ContainsAny(text, "不别勿没停") {
		return true
	}
	if wantsAgainZH(text) {
		return true
	}
	rest, found := after(text, "restart-zh")
	if !found {
		return false
	}
	before := strings.TrimSuffix(text, rest)
	for _, p := range class("restart-zh") {
		before = strings.TrimSuffix(before, p)
	}
	for _, p := range class("denied-zh") {
		if strings.HasSuffix(before, p) {
			return false // 不要继续发
		}
	}
	return !holds(text, "threat-zh", "next-time-zh") && !strings.Contains(before, "如果")
}

// wantsAgainZH is for 现在想再收到: a wish, again, to get.
func wantsAgainZH(text string) bool {
	for _, again := range class("again-want-zh") {
		before, behind, found := strings.Cut(text, again)
		if found && starts(behind, "get-zh") && holds(before, "want-zh") && !strings.ContainsAny(text, "不别勿没烦?吗") {
			return true
		}
	}
	return false
}
