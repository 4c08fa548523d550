package reply

import (
	"slices"
	"strings"
)

// clauseEN looks for "stop texting me", "do not send any more", "no more texts",
// "take me off your list", "opt me out" and the like.
func clauseEN(w []string, booked bool) bool {
	for i := range w {
		rest := w[i+1:]
		if unsubscribes(w[i], rest, booked) || ends(w, i) || removes(w[i], rest) {
			if !negated(w, i) {
				return true
			}
		}
		if declinesAt(w, i) || in(w[i], "rude") && next(rest, "off") {
			return true
		}
	}
	return threatens(w) || unwanted(w)
}

// unwanted is for messages that nobody agreed to, or that are to be the last.
func unwanted(w []string) bool {
	return neverAgreed(w) || lastOne(w) || sends(w) && phrase(w, "unwelcome")
}

// lastOne is for "the last text I want" and "the last I hear from you".
func lastOne(w []string) bool {
	i := slices.Index(w, "last")
	if i < 0 {
		return false
	}
	rest := w[i+1:]
	return next(rest, "i") && one(rest, "hear") ||
		len(rest) > 2 && rest[1] == "i" && sends(rest[:1]) && one(rest[2:], "want", "need", "wish", "get", "receive")
}

// neverAgreed is for "I never opted in" and "I did not subscribe".
func neverAgreed(w []string) bool {
	for i := range w {
		rest := skip(w[i+1:], "filler")
		if !slices.Contains([]string{"never", "didnt", "not"}, w[i]) || len(rest) == 0 {
			continue
		}
		in2, up := next(rest[1:], "in", "into"), next(rest[1:], "up")
		if in2 && one(rest[:1], "opt", "opted") || up && one(rest[:1], "sign", "signed") ||
			one(rest[:1], "subscribe", "subscribed", "consent", "consented") {
			return true
		}
	}
	return false
}

// declinesAt tells whether the word at i denies what is sent; "did not get any text" and "you never text me"
// do not.
func declinesAt(w []string, i int) bool {
	told := i > 0 && (w[i-1] == "did" || w[i] == "never" && one(w[i-1:i], "you", "u", "they"))
	return !told && in(w[i], "refusing") && (refuses(w[i], w[i+1:]) || calls(w[i+1:]))
}

// unsubscribes is one word that says it all.
func unsubscribes(w string, rest []string, booked bool) bool {
	switch w {
	case "opt", "opted", "opting":
		return one(head(rest, 3), "out")
	case "un":
		return len(rest) > 0 && strings.HasPrefix(rest[0], "sub")
	case "cancel":
		return !booked && object(rest)
	}
	return in(w, "unsubscribe-begins") || w == "optout" || strings.HasPrefix(w, "un") && near(w, "unsubscribe", 2)
}

// ends tells whether the word at i puts an end to messages: "stop these texts",
// not "the end of the message", not "stop my booking".
func ends(w []string, i int) bool {
	if i > 0 && next(w[i-1:], "the", "non", "bus") || w[i] == "enough" && next(w[i+1:], "to") {
		return false
	}
	rest := w[i+1:]
	slip := len(w[i]) > 3 && (misspelt(w[i], "stop") || mistyped(w[i], "stop"))
	return object(rest) && (slip || in(w[i], "ending") || in(w[i], "switching") && one(head(rest, 4), "off"))
}

// object tells whether what is to end is a message, not a visit or a noise.
func object(rest []string) bool {
	for _, w := range head(rest, 6) {
		switch {
		case in(w, "messaging", "messaging-begins"):
			return true
		case in(w, "visit", "visit-begins"):
			return false
		}
	}
	return false
}

// refuses is for what follows a negation.
//
//nolint:cyclop // a list of forms, read from the top
func refuses(by string, rest []string) bool {
	if by == "no" && !next(rest, "longer") {
		return refusesMore(rest)
	}
	rest = skip(rest, "filler")
	if len(rest) == 0 {
		return false
	}
	first, more := rest[0], rest[1:]
	switch {
	case first == "bother" && (len(more) == 0 || all(more, "thanks") || next(more, "with")):
		return false // do not go to the trouble
	case strings.HasPrefix(first, "send"):
		return refusesSending(more)
	case first == "email", first == "mail": // another channel than this one
		return next(more, "or", "text")
	case in(first, "address"):
		return !next(more, "my", "the", "about") || one(more, "again")
	case first == "on":
		return one(head(more, 3), "list", "lists", "database", "system")
	case first == "see":
		return one(more, "these", "them") && !has(more, "time", "visit", "car-part")
	case in(first, "wanting"), first == "interested":
		return one(rest, "hear", "hearing") && one(more, "from") || sends(rest)
	}
	return in(first, "agreeing") || sends(rest[:1])
}

// calls is for "dont ring this number again" and "dont hit me up no more".
func calls(rest []string) bool {
	rest = skip(rest, "filler")
	return has(head(rest, 1), "calling") && one(rest, "me", "us", "number", "phone", "here", "line") &&
		(one(rest, "again", "anymore", "ever", "further") || strings.HasSuffix(strings.Join(rest, " "), " more"))
}

// refusesSending is "do not send", "dont send me any", not "dont send me to voicemail".
func refusesSending(what []string) bool {
	return len(what) == 0 || one(head(what, 2), "me", "us") && !one(what, "to") || one(what, "anything") || sends(what)
}

// refusesMore is "no texts", "no more messages", "no further contact".
func refusesMore(rest []string) bool {
	if next(rest, "more", "further") {
		return sends(head(rest[1:], 3)) && !one(rest, "received", "got")
	}
	return len(rest) > 0 && len(rest) < 4 && sends(rest[:1]) && !one(rest, "received", "got", "with", "from")
}

// sends tells whether the words speak of messages.
func sends(words []string) bool {
	for _, w := range words {
		if in(w, "messaging", "messaging-begins") && w != "bug" && w != "crap" && w != "rubbish" && w != "receiving" {
			return true
		}
	}
	return false
}

// removes is for "take me off", "delete my number", "leave me alone".
func removes(verb string, rest []string) bool {
	switch verb {
	case "leave", "left", "let":
		return leavesBe(verb, rest)
	case "withdraw":
		return one(rest, "consent", "permission")
	case "lose", "forget":
		return one(head(rest, 4), "number")
	}
	return in(verb, "removing") && (one(head(rest, 3), "me", "us") || has(head(rest, 4), "details")) &&
		!has(rest, "visit", "visit-begins") && !offPlan(rest) && (!in(verb, "off") || takesOff(rest))
}

// leavesBe is for "leave my mother alone", "leave me out of it" and "let us be".
func leavesBe(verb string, rest []string) bool {
	if verb == "let" {
		return len(rest) == 2 && next(rest, "me", "us") && rest[1] == "be"
	}
	return one(head(rest, 6), "alone", "peace") && !has(rest, "visit", "car-part") ||
		next(rest, "me", "us") && one(head(rest, 2), "be", "out")
}

// offPlan tells that somebody is taken off the diary, the 30th or the nine o'clock.
func offPlan(rest []string) bool {
	for i, w := range rest {
		if where := head(rest[i+1:], 3); (w == "off" || w == "from") && (has(where, "planned") || numbered(head(where, 2))) {
			return true
		}
	}
	return false
}

// numbered tells whether a word begins with a digit.
func numbered(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return w[0] >= '0' && w[0] <= '9' })
}

// takesOff tells that somebody is taken off a list, or from messages.
func takesOff(rest []string) bool {
	return one(rest, "off", "out") || one(rest, "from") && (sends(rest) || one(rest, "list", "system"))
}

// threatens is for "another text and I report you" and "I sue if you text again".
func threatens(w []string) bool {
	if one(w, "text", "texting", "message", "contact", "sms", "msg") && one(w, "again", "keep", "another", "continue") &&
		has(w, "threat-sure") {
		return true
	}
	more := false
	for i := range w {
		more = more || w[i] == "another" || w[i] == "again" || w[i] == "more"
		if more && in(w[i], "threat") {
			return true
		}
	}
	return false
}

// negated tells whether the word at i is negated: "dont stop", "wont ever stop".
func negated(w []string, i int) bool {
	for j := max(0, i-3); j < i; j++ {
		asked := one(w[j:j+1], "cant", "wont") && next(w[j+1:], "you", "u") // cant you stop
		if in(w[j], "negation") && (w[j] != "no" || j > 0) && !asked {
			return true
		}
	}
	return false
}
