package reply

import (
	"slices"
	"strings"
)

// Chosen by cross-validation on the corpus: see docs/results.md.
const (
	stopAt    = 0.40 // a likely opt-out is one: to miss it is worse
	stopDoubt = 0.12 // from here on nothing that changes a visit is done without a person
	sureAt    = 0.85 // what changes something, with no rule
	closeAt   = 0.90 // what ends a case for good
	silentAt  = 0.70 // what is not answered at all
	askAt     = 0.45 // what asks or tells
	agreeAt   = 0.15 // what a rule found, and the model does not contradict
)

// Read reads a reply. Case, width, invisible characters and punctuation do not
// count. A wish for no more messages wins over everything else that is said.
// "R" is the refusal that Chinese carriers prescribe, as is "TD".
func (r *Reader) Read(text string, x Context) Meaning {
	v := look(text, x)
	if r.model == nil {
		return v.rule
	}
	p := r.model.Probabilities(v.clues)
	j := judgement{view: v, x: x, p: p, best: kinds()[slices.Index(p, slices.Max(p))]}
	m := j.meaning()
	m.Lasts = m.Kind == Question && j.lasts()
	m.Person = m.Kind == Help && j.wantsPerson()
	m.Wish = v.fit.wish.window(x.Now)
	return m
}

// judgement weighs the rules against the model.
type judgement struct {
	view
	x    Context
	p    []float64
	best Kind
}

func (j judgement) of(k Kind) float64 { return j.p[slices.Index(kinds(), k)] }

//nolint:cyclop // a list of forms, read from the top
func (j judgement) meaning() Meaning {
	switch rule := j.rule.Kind; {
	case rule == Stop, rule == Reaction, rule == Automatic, rule == Start:
		return j.rule
	case j.of(Stop) >= stopAt && !j.doubt && !j.goesOn():
		return Meaning{Kind: Stop}
	case j.doubt, j.of(Stop) >= stopDoubt && changes(j.best):
		return Meaning{Doubt: true, Kind: j.best}
	}
	if n := j.slot(); n > 0 {
		return Meaning{Kind: Slot, Slot: n}
	}
	if k := j.rule.Kind; k != Unknown && k != Slot && j.of(k) >= agreeAt && (j.best == k || j.of(j.best) < sureAt) {
		return j.rule
	}
	return j.learned()
}

// slot is the one that is taken: by a rule or by the only time that fits, where
// neither contradicts the other and the model does not either.
func (j judgement) slot() int {
	n, fits := j.rule.Slot, j.fit.only()
	switch {
	case n > j.x.Slots && !j.fit.named:
		return n // none of ours: we ask again
	case j.fit.named && len(j.fit.slots) == 0, n > 0 && fits > 0 && n != fits:
		return 0 // a time that is not on offer, or two that differ
	case n > 0 && j.of(Slot)+j.of(Price)+j.of(Where)+j.of(Danger) >= 0.5:
		return n // with a question behind it still the slot
	case fits > 0 && j.of(Slot) >= sureAt && !j.asksLater():
		return fits
	}
	return 0
}

// lasts is for "how long does it take" and 要多久.
func (j judgement) lasts() bool {
	return slices.ContainsFunc(j.said.clauses, func(c clause) bool {
		for i, w := range c.words {
			if (w == "how" || w == "take" || w == "takes") && one(c.words[i+1:], "long", "time", "hours", "hour") {
				return !one(c.words, "guarantee", "warranty", "open")
			}
		}
		return c.text == "duration" || holds(c.text, "lasts-zh") && !strings.Contains(c.text, "保")
	})
}

// wantsPerson is for "please call me" and 转人工.
func (j judgement) wantsPerson() bool {
	return slices.ContainsFunc(j.said.clauses, func(c clause) bool {
		return has(c.words, "person") || holds(c.text, "person-zh")
	})
}

// goesOn is for "please dont stop the repair" and 别忘了通知我.
func (j judgement) goesOn() bool {
	return slices.ContainsFunc(j.said.clauses, func(c clause) bool {
		i := slices.Index(c.words, "stop")
		return i > 0 && (negated(c.words, i) || next(c.words[i+1:], "by", "at", "when")) || holds(c.text, "meant-zh")
	})
}

// asksLater is for "remind me on monday".
func (j judgement) asksLater() bool {
	return slices.ContainsFunc(j.said.clauses, func(c clause) bool {
		return has(c.words, "ask-again") || holds(c.text, "ask-again-zh")
	})
}

// learned is what the model says, as far as it is sure enough.
//
//nolint:cyclop // a list of forms, read from the top
func (j judgement) learned() Meaning {
	k, p := j.best, j.of(j.best)
	switch {
	case k == Slot && p >= askAt && !j.x.Booked:
		return Meaning{Kind: Yes} // wants to come, and we do not know when
	case k == Slot:
		return Meaning{Kind: k, Doubt: true}
	case k == Yes && !j.x.Booked && p >= askAt:
		return Meaning{Kind: k}
	case k == Stop, k == Start:
		return Meaning{Kind: k, Doubt: true}
	case k == Cancel && keepsVisit(j.said):
		return Meaning{Kind: k, Doubt: true}
	case k == Sold:
		return Meaning{Kind: k, Doubt: p < closeAt}
	case changes(k):
		return Meaning{Kind: k, Doubt: p < sureAt}
	case k == Thanks || k == Automatic || k == Reaction:
		return Meaning{Kind: k, Doubt: p < silentAt}
	}
	return Meaning{Kind: k, Doubt: p < askAt}
}

// changes tells whether a wish changes something.
func changes(k Kind) bool {
	switch k {
	case Slot, Yes, No, Cancel, Sold, Start:
		return true
	default:
		return false
	}
}
