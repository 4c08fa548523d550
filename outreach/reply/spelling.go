package reply

import "strings"

// shortKey is the length from which a key word is looked for with one letter wrong.
const shortKey = 6

// respelt is the key word that w was meant for: the only one that is one letter,
// or two letters in each other's place, away. A word that is known stays.
func respelt(w string) string {
	known := in(w, "key-words", "spelt-right", "unsubscribe-begins")
	if len(w) < shortKey-1 || known || strings.ContainsFunc(w, noLetter) {
		return w
	}
	meant := ""
	for _, key := range class("key-words") {
		if key[0] != w[0] && key[1] != w[0] || !slipped(w, key) {
			continue
		}
		if meant != "" {
			return w
		}
		meant = key
	}
	if meant == "" {
		return w
	}
	return meant
}

func noLetter(r rune) bool { return r < 'a' || r > 'z' }

// slipped tells whether a word is want with one letter wrong, missing or added, the
// first one excepted, or with two neighbours in each other's place.
func slipped(word, want string) bool {
	switch len(word) - len(want) {
	case 0:
		return word[0] == want[0] && oneOther(word, want) || swapped(word, want)
	case -1:
		return shorter(want, word)
	case 1:
		return shorter(word, want)
	}
	return false
}

// oneOther tells whether words of one length differ in one place.
func oneOther(a, b string) bool {
	others := 0
	for i := range b {
		if a[i] != b[i] {
			others++
		}
	}
	return others == 1
}
