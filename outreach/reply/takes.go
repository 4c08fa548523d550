package reply

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// takesAndAsks is the slot of "the 30th please. Will it take long?": one part takes a time
// that fits one slot only, and what is asked in another is not whether it is free; else 0.
func (j judgement) takesAndAsks() int {
	n := j.fit.only()
	if n == 0 || len(j.said.clauses) < 2 || j.x.Booked || j.rule.Kind != Unknown || j.said.protests() ||
		j.said.wavers() || elsewhen(j.said) || j.of(Slot) < 0.5 || j.sum(Slot, Price, Where, Danger, Question) < contraAt {
		return 0
	}
	taken := 0
	for _, c := range j.said.clauses {
		switch alone := (said{whole: c.text, clauses: []clause{c}}); {
		case fittingOf(alone, j.x).named:
			if !alone.plainly() || c.excludes() || !c.takes() {
				return 0
			}
			taken++
		case has(c.words, "asks-free", "turned-down", "wishing"), c.excludes(), holds(c.text, "asks-free-zh"):
			return 0
		}
	}
	if taken != 1 {
		return 0
	}
	return n
}

// takes tells that a clause that names a time takes it: by a word, or by nothing else.
func (c clause) takes() bool {
	return c.books() || !c.chinese() && all(without(c.words, "polite"), "timed") || c.takesOnly() ||
		strings.Contains(c.text, "留")
}

// takesOnly is for 就周二好了 and 周三吧: a day, and a word that settles it.
func (c clause) takesOnly() bool {
	m := mentionZH(c.text)
	if len(m.weekdays)+len(m.dates) != 1 || m.vague || utf8.RuneCountInString(c.text) > 9 || c.excludes() {
		return false
	}
	opens := slices.ContainsFunc([]string{"就", "那就"}, func(p string) bool { return strings.HasPrefix(c.text, p) })
	ends := slices.ContainsFunc([]string{"吧", "呗", "好了", "得了"}, func(p string) bool { return strings.HasSuffix(c.text, p) })
	return opens || ends
}

// settled is a text without the parts that only say why another day does not suit:
// 周三吧，周一周二都要带团. What may be a second choice is none.
func (s said) settled() said {
	i := slices.IndexFunc(s.clauses, clause.takesOnly)
	if i < 0 {
		return s
	}
	for k, c := range s.clauses {
		if k != i && !mentionZH(c.text).empty() && (c.takesOnly() || holds(c.text, "takes-only-zh")) {
			return s
		}
	}
	rest := said{whole: s.whole}
	for k, c := range s.clauses {
		if k == i || mentionZH(c.text).empty() {
			rest.clauses = append(rest.clauses, c)
		}
	}
	return rest
}
