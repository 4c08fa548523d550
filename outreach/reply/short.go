package reply

import "strings"

// short reads replies of little more than one word.
func short(s said) Kind {
	whole := s.joined()
	if len(whole.words) == 0 {
		return symbols(s.whole)
	}
	if noTrouble(whole.words) {
		return Yes
	}
	return word(whole)
}

// noTrouble is for "no problem, book it".
func noTrouble(words []string) bool {
	return phrase(words, "no-trouble") && all(words, "thanks", "yes", "yes-also", "no", "no-trouble-also")
}

// word reads what is said by one word and what goes with it.
func word(whole clause) Kind {
	words, zh := without(whole.words, "thanks"), less(whole.text, "thanks-zh")
	first := strings.Join(words, " ")
	switch {
	case len(words) == 0, zh == "", madeOf(zh, "thanked-zh"), first == "appreciated", first == "for letting me know":
		return Thanks
	case in(first, "help"), in(zh, "help-zh"):
		return Help
	case all(words, "no") && first != "interested", madeOf(zh, "no-zh", "no-also-zh"):
		return No
	case has(words, "yes") && all(words, "yes", "yes-also"), madeOf(zh, "yes-zh", "yes-also-zh"):
		return Yes
	case in(strings.Join(words, "_"), "later"), in(strings.TrimRight(zh, "吧了啊"), "later-zh"):
		return Later
	case in(first, "reschedule"), in(strings.TrimSuffix(zh, "吧"), "reschedule-zh"),
		len(words) <= 5 && has(words, "another") && has(words, "time"):
		return Reschedule
	}
	return Unknown
}

// symbols reads a reply without a letter or digit.
func symbols(text string) Kind {
	switch {
	case strings.Trim(text, "?") == "" && text != "":
		return Help
	case strings.ContainsAny(text, "👎❌🙅"):
		return No
	case strings.ContainsAny(text, "👍👌✅✔"):
		return Yes
	case strings.ContainsAny(text, "🙏❤😊🌹💐"):
		return Thanks
	}
	return Unknown
}
