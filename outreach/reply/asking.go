package reply

import (
	"slices"
	"strings"
)

// asks tells that a text is a question by its form.
func (s said) asks() bool {
	return strings.ContainsAny(s.whole, "?吗么呢") || slices.ContainsFunc(s.clauses, func(c clause) bool {
		return has(head(c.words, 1), "asking") || holds(c.text, "asks-zh") || c.chinese() && strings.HasSuffix(c.text, "不")
	})
}

// asksPlace is for "how do I get to you by bus", 停车方便吗 and "have you moved".
func (s said) asksPlace() bool {
	return s.asksAbout("place", "place-not", "place-zh", "place-not-zh")
}

// asksStay is for "do I get a courtesy car" and 能在店里等吗: what one does meanwhile.
func (s said) asksStay() bool {
	return s.asks() && s.asksAbout("stay", "stay-not", "stay-zh", "stay-not-zh")
}

// asksSource is for "is this a scam", "which car" and 你们怎么知道我刹车片磨了. Where a number
// comes from, and who watches whom, is another matter.
func (s said) asksSource() bool {
	return s.asks() && s.asksAbout("source", "source-not", "source-zh", "source-not-zh")
}

// asksVisit is for "what time was I booked for again" and 我约的几点来着.
func (s said) asksVisit() bool {
	return s.asks() && s.asksAbout("own-visit", "own-visit-not", "own-visit-zh", "own-visit-not-zh")
}

// asksAbout tells that a part of a text has a phrase, and no part a word that makes it
// something else.
func (s said) asksAbout(en, enNot, zh, zhNot string) bool {
	whole := s.joined()
	if has(whole.words, enNot) || holds(whole.text, zhNot) {
		return false
	}
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return phrase(c.words, en) || holds(c.text, zh)
	})
}
