package reply

import "strings"

// byLaw is for an order that names the law or a register: "GDPR art 17", "this
// number is on the DNC list", 撤回同意. unsure: the law is named and nothing is
// ordered, which a person reads.
func byLaw(s said) (yes, unsure bool) {
	whole := s.joined()
	w := whole.words
	named := has(w, "law") || phrase(w, "law-phrase") || holds(whole.text, "law-zh")
	switch {
	case withdraws(whole):
		return true, false
	case !named:
		return false, false
	case asksLaw(s, whole):
		return false, true
	}
	yes = has(w, "law-deed", "law-register") || phrase(w, "law-registers") || holds(whole.text, "law-deed-zh")
	return yes, !yes
}

// withdraws is for "I withdraw my consent" and 我撤回同意, whatever law is meant.
func withdraws(whole clause) bool {
	w := whole.words
	for i := range w {
		order := in(w[i], "withdrawing") && has(head(w[i+1:], 8), "processing") || in(w[i], "removing") && held(w[i+1:])
		if order && !negated(w, i) {
			return true
		}
	}
	return holds(whole.text, "withdrawing-zh") && holds(whole.text, "processing-zh") && !holds(whole.text, "law-asks-zh")
}

// held is for "everything you hold on me".
func held(rest []string) bool {
	return one(head(rest, 2), "everything", "all", "any", "anything", "whatever", "what") &&
		one(rest, "hold", "holding", "have", "keep", "store", "stored", "got", "held") && one(rest, "me", "my", "us", "our")
}

// asksLaw is for a question about the law, or a copy of the data: no order to end.
func asksLaw(s said, whole clause) bool {
	return has(whole.words, "law-asks") || holds(whole.text, "law-asks-zh") ||
		strings.Contains(s.whole, "?") && next(whole.words, "are", "is", "do", "does", "what", "how")
}

// claims tells that an opt-out wants more than silence: its data erased, or what
// a law says. A person sees to that.
func (s said) claims() bool {
	whole := s.joined()
	yes, _ := byLaw(s)
	data := one(whole.words, "data", "information", "everything", "records", "account")
	return yes || data && has(whole.words, "removing") ||
		holds(whole.text, "removing-zh") && holds(whole.text, "personal-zh")
}
