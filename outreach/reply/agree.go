package reply

import (
	"slices"
	"strings"
	"unicode/utf8"

	"presage/outreach/reply/learn"
)

// How likely what a text wants has to be, by its letters alone, that it is done; and
// from when a part of it is taken to want something else.
const (
	agreeLetters  = 0.80
	otherPart     = 0.80
	contraLetters = 0.60 // what speaks against a rule that ends the messages
	doubtsStop    = 0.30 // below which the letters see no end of them in a question: "can you stop by my house"
)

// letters reads a text by its letters alone.
type letters struct {
	model  *learn.Model
	booked bool
}

func (l letters) read(text string) []float64 { return l.model.Probabilities(lettersOf(text, l.booked)) }

// agreed leaves a meaning in doubt where the letters of the text, or of a part of it,
// want something that would not be served by what is done for it. Who is late for a
// visit is heard by a person.
func (j judgement) agreed(m Meaning) Meaning {
	switch {
	case m.Doubt, m.Kind == Unknown, j.bare(), m.Kind == Help && j.wantsPerson():
		return m
	case (j.late() && m.Kind != Cancel || j.wantsCall()) && slices.Contains(askable(), m.Kind),
		answers(m.Kind) && j.said.takesIf(), m.Kind == Stop && j.stopsOther(),
		m.Kind == Cancel && j.said.othersVisit(), j.disagrees(m.Kind):
		return Meaning{Kind: m.Kind, Doubt: true, chance: m.chance}
	}
	return m
}

// bare tells that a text is no more than a word that a rule knows: CANCEL, 转人工.
func (j judgement) bare() bool {
	whole := j.said.joined()
	short := len(whole.words) == 1 && (!whole.chinese() || utf8.RuneCountInString(whole.text) <= 3)
	return short && !slices.Contains([]Kind{Unknown, Slot}, j.rule.Kind)
}

// stopsOther tells that what sounds like an opt-out ends a visit, or wants messages again.
func (j judgement) stopsOther() bool {
	p := j.by.read(j.said.whole)
	visit := j.x.Booked && share(p, []Kind{Cancel}) >= contraLetters && !j.said.namesMessages()
	stop := share(p, []Kind{Stop})
	asks := j.said.asks() && stop < doubtsStop && j.of(Stop) < likelyStop+doubtsStop/2
	return visit || share(p, []Kind{Start}) > stop || asks
}

// othersVisit is for 我老公那个取消，我的不动: somebody else's visit is to end.
func (s said) othersVisit() bool {
	whole := s.joined()
	return phrase(whole.words, "others-visit") || holds(whole.text, "others-visit-zh")
}

// disagrees tells that the letters want something else than a kind.
func (j judgement) disagrees(k Kind) bool {
	served := j.served(k)
	if served == nil {
		return false
	}
	return share(j.by.read(j.said.whole), served) < agreeLetters || (answers(k) || k == Later) && j.partOther(served)
}

// partOther tells that a part of a text wants something to be done that is not served.
func (j judgement) partOther(served []Kind) bool {
	if len(j.said.clauses) < 2 {
		return false
	}
	return slices.ContainsFunc(j.said.clauses, func(c clause) bool {
		p := j.by.read(strings.Join(c.words, " "))
		best := kinds()[slices.Index(p, slices.Max(p))]
		return acts(best) && share(p, []Kind{best}) >= otherPart && !slices.Contains(served, best)
	})
}

// acts tells whether a wish is for something to be done, not to be told.
func acts(k Kind) bool { return changes(k) && k != Yes || k == Reschedule || k == Done }

// served are the kinds for which nothing goes wrong when one is acted on; nil
// where the rules and the limits decide alone.
func (j judgement) served(k Kind) []Kind {
	switch k {
	case Price, Where, Danger, Question:
		return []Kind{Price, Where, Danger, Question}
	case Later:
		return []Kind{Later, Reschedule}
	case Sold:
		return []Kind{Sold, Done}
	case No, Cancel, Start:
		return []Kind{k}
	case Thanks:
		return []Kind{Thanks, Automatic, Reaction, Gibberish, Yes}
	case Yes:
		if j.x.Booked {
			return []Kind{Yes, Thanks, Automatic, Reaction, Gibberish}
		}
		return askable()
	case Reschedule, Done, Help, Gibberish:
		return askable()
	default:
		return nil
	}
}

// share is how likely one of some kinds is.
func share(p []float64, of []Kind) (sum float64) {
	for _, k := range of {
		sum += p[slices.Index(kinds(), k)]
	}
	return sum
}

// namesMessages tells that a text is about messages.
func (s said) namesMessages() bool {
	whole := s.joined()
	return sends(whole.words) || holds(whole.text, "messaging-zh")
}

// wantsCall is for 方便的话回个电话: it is a person's.
func (j judgement) wantsCall() bool { return holds(j.said.joined().text, "call-me-zh") }

// takesIf is for 如果不超过300就做, which is no question.
func (s said) takesIf() bool {
	text := s.joined().text
	return holds(text, "takes-zh") && holds(text, "condition-zh")
}

// late tells that somebody is late for the visit, which the workshop has to know now.
func (j judgement) late() bool {
	return j.x.Booked && slices.ContainsFunc(j.said.clauses, func(c clause) bool {
		return phrase(c.words, "running-late") || holds(c.text, "running-late-zh") || c.lateBy()
	})
}

// lateBy is for "gonna be 10 late" and 迟10分钟到.
func (c clause) lateBy() bool {
	i := slices.Index(c.words, "late")
	if i > 0 && slices.ContainsFunc(c.words[max(0, i-3):i], func(w string) bool { return numberIn(w) > 0 }) {
		return true
	}
	for _, mark := range []string{"晚到", "迟到", "晚", "迟"} {
		if _, behind, found := strings.Cut(c.text, mark); found {
			n, unit := leading(behind)
			return n > 0 && (strings.HasPrefix(unit, "分") || strings.HasPrefix(unit, "刻"))
		}
	}
	return false
}
