package reply

import (
	"slices"
	"strings"
)

// topic is what a question is about, where a day in it would mislead the model.
func (j judgement) topic() Kind {
	kinds := []Kind{Question, Reschedule, Slot, Where, Later, Danger, Yes, Help}
	switch {
	case !slices.Contains(kinds, j.best), j.rule.Kind == Slot, j.takesAndAsks():
		return Unknown
	case j.said.asksPlace() && j.of(Where) >= agreeAt:
		return Where
	case j.said.asksSource(), j.x.Booked && j.said.asksVisit():
		return Question
	case j.said.asksHours(), j.lasts() && j.aboutWork():
		return Question
	case (j.said.asksDriving() || j.said.asksHolding()) && j.of(Danger) >= agreeAt/3:
		return Danger
	}
	return Unknown
}

// aboutWork tells that how long it takes is not asked of a trip, nor said beside a yes.
func (j judgement) aboutWork() bool {
	return !has(j.said.joined().words, "drive") && j.best != Danger && j.best != Yes
}

// lasts is for "how long does it take" and 要多久.
func (j judgement) lasts() bool {
	return slices.ContainsFunc(j.said.clauses, func(c clause) bool {
		for i, w := range c.words {
			behind := c.words[i+1:]
			asks := w == "how" && next(behind, "long", "much", "many") || w == "take" || w == "takes"
			if asks && one(behind, "long", "time", "hours", "hour") {
				return !one(c.words, "guarantee", "warranty", "open")
			}
		}
		return c.text == "duration" || holds(c.text, "lasts-zh") && !strings.Contains(c.text, "保")
	})
}

// about is the topic of a question.
func (j judgement) about() Topic {
	switch {
	case j.said.asksHours():
		return TopicHours
	case j.lasts():
		return TopicLasts
	case j.said.asksStay():
		return TopicStay
	case j.said.asksSource():
		return TopicSource
	case j.x.Booked && j.said.asksVisit():
		return TopicVisit
	}
	return ""
}

// asksHours is for "are you open on sunday" and 周末营业吗: a day in it is no wish.
func (s said) asksHours() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return has(c.words, "hours") && !phrase(c.words, "few-hours") && !one(c.words, "slot") && !has(c.words, "drive") &&
			!slices.ContainsFunc(c.words, clocked) ||
			holds(c.text, "hours-zh") && !holds(c.text, "hours-not-zh")
	})
}

// clocked tells that a word is an hour of its own: "at 14:00 hours".
func clocked(w string) bool {
	_, ok := clockTime(w)
	return ok
}

// asksDriving is for "towing on friday, problem?" and 明天跑长途行不行: whether the
// car may be driven, not when to come.
func (s said) asksDriving() bool {
	whole := s.joined()
	asks := strings.Contains(s.whole, "?") || has(head(whole.words, 2), "safe-asks") || one(whole.words, "problem")
	return asks && has(whole.words, "drive") && !one(whole.words, "test", "licence", "license", "collect", "pick") ||
		holds(whole.text, "trip-zh") && holds(whole.text, "safe-asks-zh")
}

// asksHolding is for "will they last till march" and 撑到年底行吗: how long it is safe,
// not when to come.
func (s said) asksHolding() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return has(c.words, "lasts-until") && has(c.words, "until") && !one(c.words, "appointment", "booking") ||
			holds(c.text, "holds-out-zh", "in-time-zh") && holds(c.text, "safe-asks-zh")
	})
}

// protests is anger about us, or about too many messages.
func (s said) protests() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		return has(c.words, "protest") || phrase(c.words, "protest-phrase") ||
			holds(c.text, "protest-zh") && !strings.Contains(c.text, "很满意")
	})
}

// withoutTaking leaves out the phrases that take a time.
func (c clause) withoutTaking() []string {
	words := c.words
	for _, p := range class("taking") {
		parts := strings.Split(p, "_")
		if n := len(parts) - 1; parts[n] == "$" {
			if k := len(words) - n; k > 0 && slices.Equal(words[k:], parts[:n]) {
				words = words[:k]
			}
			continue
		}
		words = withoutPhrase(words, parts)
	}
	return words
}

// unplain tells that a word in a clause makes it doubtful whether a time is taken.
func (c clause) unplain() bool {
	return has(c.words, "unplain") || holds(c.text, "unplain-zh") && !c.onlyThen()
}

// plainly tells that a time that fits the offer is taken, not asked about, moved
// or named as a limit.
// A part that says when it cannot be does not count.
func (s said) plainly() bool {
	if strings.ContainsAny(s.whole, "?吗么呢") || s.occupied() {
		return false
	}
	for i, c := range s.clauses {
		c.words = c.withoutTaking()
		wishes := has(c.words, "asking", "elsewhen", "wishing") || holds(c.text, "wishing-zh")
		excludes := i < len(s.clauses)-1 && c.excludes() && !wishes
		states := has(c.words, "stating") && !has(c.words, "praising") // "tuesday is bad", not "is grand"
		if !excludes && (states || c.unplain()) {
			return false
		}
	}
	return true
}
