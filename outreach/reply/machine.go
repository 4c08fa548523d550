package reply

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// reaction tells whether a telephone sent a tapback: a verb and our own message
// in quotation marks. What it quotes is not said by the customer.
func reaction(whole string) bool {
	open := strings.IndexAny(whole, "“\"「")
	if open < 0 {
		return false
	}
	before, quoted := strings.TrimSpace(whole[:open]), whole[open:]
	behind := ""
	if end := strings.LastIndexAny(quoted, "”\"」"); end > 0 {
		behind = strings.Trim(quoted[end:], "”\"」。. ")
	}
	switch {
	case in(before, "tapback"), before == "laughed at", strings.HasPrefix(before, "reacted "),
		strings.HasPrefix(before, "removed a"), strings.HasSuffix(before, " to") && len(words(separated(before))) < 3:
		return behind == ""
	case behind == "":
		return holds(before, "tapback-zh")
	case slices.Contains([]string{"对", "给", "将", "为"}, before):
		return holds(behind, "tapback-to-zh")
	}
	return false
}

// automatic tells whether a telephone or an office answered by itself.
func automatic(s said) bool {
	if signed(s.whole) || slices.ContainsFunc([]string{
		"out of office", "out of the office", "with do not disturb", "will see your message", "ill see your message",
		"not monitored", "notifications silenced", "message blocking is active", "not receiving notifications",
		"away from my desk", "opening hours are", "office hours are", "business hours are", "we are closed",
		"office is closed", "cannot receive text", "does not accept text", "not accepting messages", "no longer in use",
		"in do not disturb", "will get back to you within", "will respond within", "thank you for contacting",
		"thanks for contacting", "sent automatically", "android auto", "[auto]", "does not accept replies", "do not reply",
	}, func(p string) bool { return machineSays(s.whole, p) }) {
		return true
	}
	spoken := s.joined()
	switch strings.TrimPrefix(strings.Join(spoken.words, " "), "sorry ") {
	case "i cant talk right now", "cant talk right now", "cant talk now", "cant talk now whats up",
		"cant talk right now whats up", "can i call you later", "ill call you later", "ill call you right back",
		"cant talk now call me later", "im on my way", "im driving right now", "please text me",
		"im in a meeting", "im busy right now":
		return true
	}
	return holds(less(spoken.text, "signed-zh"), "automatic-zh") ||
		holds(spoken.text, "busy-zh") && holds(spoken.text, "back-later-zh")
}

// machineSays tells whether a phrase stands in a text and is not a person's: "do not
// reply to me" and "thanks for contacting me" are.
func machineSays(whole, phrase string) bool {
	_, behind, found := strings.Cut(whole, phrase)
	return found && !one(head(words(separated(behind)), 2), "me", "remove")
}

// signed tells whether a text says of itself that a machine wrote it. Who speaks of
// our own messages is a person: "stop these automated messages", 别再自动发送.
func signed(whole string) bool {
	for _, name := range slices.Concat([]string{
		"auto-reply", "auto reply", "autoreply", "auto-response", "auto response", "automatic reply", "automatic response",
		"automated reply", "automated response", "automated message", "automatic message",
	}, class("signed-zh")) {
		for from := 0; ; {
			at := strings.Index(whole[from:], name)
			if at < 0 {
				break
			}
			before, behind := whole[:from+at], whole[from+at+len(name):]
			if cut := strings.LastIndexAny(before, ".,;:!?()\n-"); cut >= 0 {
				before = before[cut+1:]
			}
			if !strings.HasPrefix(behind, "s") && !speaksOfOurs(before) {
				return true
			}
			from += at + len(name)
		}
	}
	return false
}

// speaksOfOurs tells whether what stands before "automated message" in its clause is
// a person's, who speaks of ours.
func speaksOfOurs(before string) bool {
	w := words(separated(before))
	return has(w, "our-messages") || phrase(w, "our-message") || holds(strings.Join(w, ""), "our-messages-zh")
}

// fromCompany is for 【顺达物流】来信已收到，退订回T: what begins with a sender's name, as
// carriers want it of companies, tells its readers how to opt out. It may be a message
// of ours that is sent back, and nothing else in it opts out, so that a person reads it.
func (s said) fromCompany(booked bool) bool {
	name, behind, found := strings.Cut(strings.TrimSpace(s.whole), "】")
	if !found || !strings.HasPrefix(name, "【") || utf8.RuneCountInString(behind) < 9 {
		return false
	}
	rest := said{whole: s.whole}
	for _, c := range s.clauses {
		if !holds(c.text, "refusal-told-zh") {
			rest.clauses = append(rest.clauses, c)
		}
	}
	yes, _ := wantsNone(rest, booked)
	return len(rest.clauses) < len(s.clauses) && !yes
}
