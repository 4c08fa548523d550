package reply

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// takesAndAsks is for "the 30th please. Will it take long?": one part takes a time that
// fits one slot only, and what is asked in another is not whether it is free.
func (j judgement) takesAndAsks() bool {
	if j.fit.only() == 0 || len(j.said.clauses) < 2 || j.x.Booked || j.rule.Kind != Unknown || j.opposes() {
		return false
	}
	taken := 0
	for _, c := range j.said.clauses {
		switch alone := (said{whole: c.text, clauses: []clause{c}}); {
		case fittingOf(alone, j.x).named:
			if !alone.plainly() || c.excludes() || !c.takes() {
				return false
			}
			taken++
		case c.asksFree():
			return false
		}
	}
	return taken == 1
}

// opposes tells that the model, or the rest of a text, does not let a time be taken beside
// a question.
func (j judgement) opposes() bool {
	return j.said.protests() || j.said.wavers() || elsewhen(j.said) || j.of(Slot) < 0.5 ||
		j.sum(Slot, Price, Where, Danger, Question) < contraAt
}

// asksFree tells that a clause asks whether a time is free, or refuses something.
func (c clause) asksFree() bool {
	return has(c.words, "asks-free", "turned-down", "wishing") || c.excludes() || holds(c.text, "asks-free-zh")
}

// takes tells that a clause that names a time takes it: by a word, or by nothing else.
func (c clause) takes() bool {
	return c.books() || !c.chinese() && all(without(c.words, "polite"), "timed") || c.takesOnly() ||
		strings.Contains(c.text, "留") || c.chinese() && c.dayAndHour()
}

// dayAndHour is for 周三十点半 before 停车方便吗: a day and its hour, and it can be.
func (c clause) dayAndHour() bool {
	m := mentionZH(c.text)
	return len(m.weekdays)+len(m.dates) == 1 && len(m.hours) == 1 && !m.vague && !c.excludes()
}

// takesOnly is for 就周二好了 and 周三吧: a day, and a word that settles it.
func (c clause) takesOnly() bool {
	m := mentionZH(c.text)
	if len(m.weekdays)+len(m.dates) != 1 || m.vague || utf8.RuneCountInString(c.text) > 9 || c.excludes() {
		return false
	}
	settles := func(p string) bool { return strings.HasSuffix(c.text, p) }
	return strings.HasPrefix(strings.TrimPrefix(c.text, "那"), "就") ||
		slices.ContainsFunc([]string{"吧", "呗", "好了", "得了"}, settles)
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
