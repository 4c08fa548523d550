package reply

import (
	"cmp"
	"slices"
	"strings"
)

const (
	stopDoubt = 0.12 // from here on nothing that changes a visit is done without a person
	agreeAt   = 0.15 // what a rule found, and the model does not contradict
	contraAt  = 0.85 // what contradicts a rule
	plainAt   = 0.97 // what a word of anger does not make doubtful
)

// Read reads a reply. Case, width, invisible characters and punctuation do not
// count. A wish for no more messages wins over everything else that is said.
// "R" is the refusal that Chinese carriers prescribe, as is "TD".
func (r *Reader) Read(text string, x Context) Meaning {
	v := look(text, x)
	return r.read(v, x).standing(v.said).felt(v.said).askingFirst(v.said)
}

func (r *Reader) read(v view, x Context) Meaning {
	if r.model == nil {
		return v.rule
	}
	j := r.weigh(v, x)
	m, ask := j.evident(j.agreed(j.meaning()))
	m.MayStop = (m.Doubt || m.Kind != Stop && m.Kind != Start) && (j.doubt || !j.bare() && j.of(Stop) >= stopDoubt)
	if m.Doubt && !m.MayStop {
		m.chance = j.sum(askable()...)
		m.AskBack = ask || j.asksBack(m.chance)
	}
	return j.detailed(m)
}

// detailed adds what else a text says of its kind.
func (j judgement) detailed(m Meaning) Meaning {
	v, x := j.view, j.x
	m.Claims = m.Kind == Stop && v.said.claims()
	if m.Kind == Question {
		m.Topic = j.about()
	}
	m.Person = m.Kind == Help && j.wantsPerson()
	m.Wish = v.fit.wish.window(x.Now)
	if m.Kind == Done {
		m.Past, m.Around = doneOn(v.said, x.Now)
	}
	if m.Kind == Later {
		m.Again = laterAt(v.said, x.Now)
	}
	return m
}

// judgement weighs the rules against the model.
type judgement struct {
	view
	x      Context
	p      []float64 // the mean of both ways to read it
	by     letters
	best   Kind
	limits Limits
}

// weigh takes both ways to read a text as equally good.
func (r *Reader) weigh(v view, x Context) judgement {
	j := judgement{view: v, x: x, limits: r.limits, by: letters{r.model.letters, x.Booked}}
	j.p = r.model.shown.Probabilities(v.clues)
	for i, p := range j.by.read(v.said.whole) {
		j.p[i] = (j.p[i] + p) / 2
	}
	j.best = kinds()[slices.Index(j.p, slices.Max(j.p))]
	return j
}

func (j judgement) of(k Kind) float64 { return j.p[slices.Index(kinds(), k)] }

func (j judgement) sum(kinds ...Kind) float64 { return share(j.p, kinds) }

// contradicted tells that the model is sure of something else than the rule.
func (j judgement) contradicted() bool {
	k := j.rule.Kind
	return j.of(k) < agreeAt || j.best != k && j.of(j.best) >= contraAt
}

// likelyStop is how likely an opt-out has to be where the text is about messages, or
// about an end. It is low: one that is missed costs more than one too many, which a
// START takes back.
const likelyStop = 0.55

// endsMessages tells that the model takes it for an opt-out that no rule knows.
func (j judgement) endsMessages() bool {
	p := j.of(Stop)
	switch {
	case p < stopDoubt, j.doubt, j.goesOn(), j.said.anotherMatter(),
		p < contraAt && (j.said.protests() || j.said.aboutVisit() || j.said.putsOff()), j.x.Booked && j.said.endsVisit():
		return false
	case p >= j.limits[Stop]:
		return true
	}
	return p >= likelyStop && j.best == Stop && j.limits[Stop] > 0 && j.said.mayEnd()
}

// anotherMatter tells that what sounds like an opt-out is about something else.
func (s said) anotherMatter() bool {
	off := slices.ContainsFunc(s.clauses, func(c clause) bool { return offPlan(c.words) })
	whole := s.joined()
	return off || phrase(whole.words, "never-sent") || aboutJob(s) || s.stopsWork() || onlyTold(s) ||
		s.otherStops() || s.isPuzzled() || acknowledgesZH(whole.text) || holds(whole.text, "proof-zh") ||
		phrase(whole.words, "own-text") || s.wantsDone() && !s.namesMessages()
}

// putsOff is for "kindly message after we return" and 四月提醒我就中.
func (s said) putsOff() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		en := has(c.words, "ask-again") && has(c.words, "put-off") && !has(c.words, "negation", "ending")
		return en || holds(c.text, "put-off-zh") && !strings.ContainsAny(c.text, "不别勿停退删")
	})
}

// endsVisit is for "please remove our reservation" and 不去你们家了，退了吧 before a visit:
// what is to end is the visit, or it may be.
func (s said) endsVisit() bool {
	whole := s.joined()
	if s.namesMessages() {
		return false
	}
	return phrase(whole.words, "visit-removed") || holds(whole.text, "visit-returned-zh")
}

// isPuzzled is for "I don't understand these messages": it wants help.
func (s said) isPuzzled() bool {
	whole := s.joined()
	return has(whole.words, "puzzled") && !one(whole.words, "you", "u", "stop") || holds(whole.text, "puzzled-zh")
}

// aboutVisit tells that a text names a visit or a part of the car, and no message.
func (s said) aboutVisit() bool {
	w := s.joined().words
	return has(w, "visit", "visit-begins", "car-part") && !sends(w) && !has(w, "about-messages", "details")
}

// mayEnd tells that a text is about messages or about an end, and asks nothing.
func (s said) mayEnd() bool {
	whole := s.joined()
	if has(head(whole.words, 1), "asking") || strings.ContainsAny(s.whole, "吗么几") {
		return false
	}
	return has(whole.words, "about-messages", "messaging", "messaging-begins") || holds(whole.text, "ends-zh")
}

func (j judgement) meaning() Meaning {
	if j.x.Asked == AskedDone && in(j.said.joined().text, "not-so-zh") {
		return Meaning{Kind: No}
	}
	switch {
	case j.bare(), slices.Contains([]Kind{Stop, Reaction, Automatic, Start, Complaint}, j.rule.Kind):
		return j.rule
	case j.endsMessages():
		return Meaning{Kind: Stop, chance: j.of(Stop)}
	case j.doubt, j.of(Stop) >= stopDoubt && changes(j.best):
		return Meaning{Doubt: true, Kind: j.best}
	}
	if k := j.topic(); k != Unknown {
		return Meaning{Kind: k}
	}
	if n := cmp.Or(j.slot(), j.remaining()); n > 0 {
		return Meaning{Kind: Slot, Slot: n}
	}
	if k := j.rule.Kind; k != Unknown && k != Slot && !j.contradicted() {
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
	case n > 0 && j.sum(Slot, Price, Where, Danger, Question) >= 0.5:
		return n // with a question behind it still the slot
	case j.takesAndAsks(), j.takesPlainly():
		return fits // 0 where none or several fit
	}
	return 0
}

// takesPlainly tells that the model is sure that a time is taken, or thinks so where it is
// named to the hour, and nothing in the text is not plain.
func (j judgement) takesPlainly() bool {
	sure := j.of(Slot) >= contraAt || j.fit.toTheHour() && j.of(Slot) >= 0.5
	return sure && !j.asksLater() && j.said.plainly()
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
		return i > 0 && (negated(c.words, i) || next(c.words[i+1:], "by", "at", "when")) ||
			phrase(c.words, "goes-on") || keepsSending(c.words) || keepsSubscribed(c.words) ||
			(holds(c.text, "meant-zh", "kept-zh", "kept-on-zh") && !holds(c.text, "still-sent-zh"))
	})
}

// keepsSending is for "please keep texting me", not for "why do you keep texting".
func keepsSending(w []string) bool {
	i := slices.Index(w, "keep")
	return i >= 0 && sends(head(w[i+1:], 1)) && !negated(w, i) && !one(w[:i], "you", "u", "why", "no", "they", "if")
}

// keepsSubscribed is for "I don't want to unsubscribe" and "don't remove me".
func keepsSubscribed(w []string) bool {
	ends := func(w string) bool { return w == "opt" || in(w, "unsubscribe-begins", "removing", "ending") }
	return slices.ContainsFunc(indexes(w, ends), func(i int) bool {
		return w[i] != "get" && w[i] != "getting" && denied(w[:i])
	})
}

// asksLater is for "remind me on monday".
func (j judgement) asksLater() bool {
	return slices.ContainsFunc(j.said.clauses, func(c clause) bool {
		return has(c.words, "ask-again") || holds(c.text, "ask-again-zh")
	})
}

// learned is what the model says, as far as it is sure enough. Who wants to come,
// and we do not know when, is asked.
func (j judgement) learned() Meaning {
	m := Meaning{Kind: j.best, chance: j.of(j.best)}
	if m.Kind == Slot && !j.x.Booked {
		m.Kind = Yes
	}
	if m.Kind == Help && j.wantsPerson() {
		return m // a person has it either way
	}
	m.Doubt = m.chance < j.limits[m.Kind] || j.hesitates(m)
	return m
}

// hesitates tells that a kind is not taken however likely it is.
func (j judgement) hesitates(m Meaning) bool {
	switch m.Kind {
	case Slot, Stop:
		return true
	case Complaint:
		return false
	case Sold:
		return j.said.notSold() || j.said.protests() && m.chance < plainAt
	default:
		return j.said.protests() || j.speaksAgainst(m)
	}
}

// speaksAgainst tells that something in a text makes a kind doubtful.
func (j judgement) speaksAgainst(m Meaning) bool {
	switch m.Kind {
	case Yes: // before a visit it wants no answer, so it has to be plain
		return j.weighty() && m.chance < contraAt
	case Start: // it takes back an opt-out, so that nothing may speak for one
		return j.of(Stop) >= stopDoubt/2 || j.said.endsAsking()
	case Cancel:
		return keepsVisit(j.said) || elsewhen(j.said)
	case Done: // "are they already done?" is asked of us
		return j.said.endsAsking()
	case Later: // "not now" may be no
		return j.of(No) >= stopDoubt
	default:
		return false
	}
}

// bound tells that yes would do more than ask back.
func (j judgement) bound() bool { return j.x.Slots == 1 || j.x.Asked != "" }

// weighty tells that yes is not merely followed by a question.
func (j judgement) weighty() bool { return j.bound() || j.x.Booked }

// changes tells whether a wish changes something.
func changes(k Kind) bool {
	switch k {
	case Slot, Yes, No, Cancel, Sold, Start:
		return true
	default:
		return false
	}
}
