package reply

import (
	"slices"
	"strings"
)

// takenBack tells that an opt-out is taken back by what stands behind it in the
// same text: "STOP. Just kidding". What ends messages behind that stands.
func takenBack(s said, booked bool) bool {
	for i, c := range slices.Backward(s.clauses) {
		if phrase(c.words, "taken-back") || holds(c.text, "taken-back-zh") {
			yes, _ := wantsNone(said{clauses: s.clauses[i+1:]}, booked)
			return !yes && !slices.ContainsFunc(s.clauses[i+1:], func(c clause) bool { return c.ordered(booked) })
		}
	}
	return false
}

// unquoted is what a customer says beside our own words: "your text says reply
// STOP to end". quoted tells that there were some.
func unquoted(s said) (own said, quoted bool) {
	rest := withoutQuotes(s)
	for _, c := range rest.clauses {
		kept := c
		for _, p := range class("own-words") {
			kept.words = withoutPhrase(kept.words, strings.Split(p, "_"))
		}
		joined := strings.Join(kept.words, "")
		if kept.text = less(joined, "own-words-zh"); kept.text != joined {
			kept.words = words(kept.text)
		}
		if len(kept.words) > 0 {
			own.clauses = append(own.clauses, kept)
		}
		quoted = quoted || kept.text != c.text
	}
	own.whole = s.whole
	return own, quoted || len(rest.clauses) != len(s.clauses)
}

// withoutQuotes leaves out what is quoted of a message of ours: more than a word,
// and it tells how to reply.
func withoutQuotes(s said) said {
	open := strings.IndexAny(s.whole, "“\"「『")
	end := strings.LastIndexAny(s.whole, "”\"」』")
	if open < 0 || end <= open {
		return s
	}
	inner := read(s.whole[open:end]).joined()
	if !one(inner.words, "reply", "text") && !strings.ContainsAny(inner.text, "回复退") || len([]rune(inner.text)) < 6 {
		return s
	}
	return read(s.whole[:open] + "\n" + strings.TrimLeft(s.whole[end:], "”\"」』"))
}

// withoutPhrase leaves out words that follow each other.
func withoutPhrase(w, phrase []string) []string {
	for i := 0; i+len(phrase) <= len(w); i++ {
		if slices.Equal(w[i:i+len(phrase)], phrase) {
			return slices.Concat(w[:i], w[i+len(phrase):])
		}
	}
	return w
}

// signs tells that nothing is said but by signs for "stop", such as 🛑 or ❌📱, beside a
// please; unsure, that more is said with them.
func signs(s said) (yes, unsure bool) {
	stop := strings.ContainsAny(s.whole, "🛑⛔🚫🔕📵🔇") ||
		strings.ContainsAny(s.whole, "🙅❌✋") && strings.ContainsAny(s.whole, "📱📲📞☎✉📧📨📩💬📴")
	if !stop {
		return false, false
	}
	whole := s.joined()
	yes = len(without(whole.words, "polite")) == 0 || less(whole.text, "polite-zh") == ""
	return yes, !yes
}

// answeredZH is for 那我R behind 回R就行: nothing but the letter or word that opts out.
func answeredZH(c clause) bool {
	return slices.Contains([]string{"r", "td", "退订"}, less(c.text, "answering-zh"))
}

// typedZH is for 退仃 and 推丁: 退订 by a character that sounds or looks like it.
func typedZH(bare string) bool {
	r := []rune(bare)
	return len(r) == 2 && strings.ContainsRune("退推腿褪t", r[0]) && strings.ContainsRune("订定丁汀仃叮盯钉顶锭婷亭听厅", r[1])
}

// near tells whether word is want with at most so many letters wrong, missing or added.
func near(word, want string, most int) bool {
	if len(word) < len(want)-most || len(word) > len(want)+most {
		return false
	}
	row := make([]int, len(want)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(word) {
		before := row[0]
		row[0] = i + 1
		for k := range len(want) {
			wrong := before
			if word[i] != want[k] {
				wrong++
			}
			before, row[k+1] = row[k+1], min(wrong, row[k+1]+1, row[k]+1)
		}
	}
	return row[len(want)] <= most
}
