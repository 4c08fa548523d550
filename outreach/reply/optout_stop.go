package reply

import (
	"slices"
	"strings"
)

// stopsEN looks for the word stop, however it is spelt, in any sense but those
// that are plainly another: "stop by tomorrow", "the car does not stop",
// "don't stop", "stop my booking". What is no such sense ends the messages.
func stopsEN(w []string) bool {
	if phrase(w, "optout-phrase") && !phrase(w, "optout-kept") {
		return true
	}
	return slices.ContainsFunc(indexes(w, isStop), func(i int) bool { return !otherStop(w, i) })
}

// indexes are where words are found.
func indexes(w []string, is func(string) bool) []int {
	var list []int
	for i := range w {
		if is(w[i]) {
			list = append(list, i)
		}
	}
	return list
}

// isStop reads stop, stoppp and stoooop.
func isStop(w string) bool {
	return len(w) > 2 && strings.HasPrefix(w, "st") && squeezed(w) == "stop" || w == "stahp" || w == "stp" || w == "st0p"
}

// squeezed has each letter once where it was repeated.
func squeezed(w string) string {
	var out []rune
	for _, r := range w {
		if len(out) == 0 || out[len(out)-1] != r {
			out = append(out, r)
		}
	}
	return string(out)
}

// otherStop tells whether the stop at i is another than that of messages.
func otherStop(w []string, i int) bool {
	before, behind := w[:i], w[i+1:]
	to := last(before) == "to"
	switch {
	case in(last(before), "you") && one(before, "why", "cant", "wont", "can", "could", "would", "will"):
		return has(behind, "visit", "visit-begins", "car-part")
	case denied(before), in(first(behind), "stop-where"), in(last(before), "stop-who"), has(w, "car-part"),
		has(behind, "visit", "visit-begins"), to && one(before, "takes", "take", "long", "longer", "ages", "time", "able"):
		return true
	case first(before) == "why" && one(before, "did", "have", "has"):
		return true
	case strings.HasSuffix(first(behind), "ing"):
		return !object(behind)
	}
	return false
}

// denied tells whether a negation stands before, with nothing but small words
// between: "dont ever stop", not "not interested stop".
func denied(before []string) bool {
	for len(before) > 0 && in(last(before), "denying") {
		before = before[:len(before)-1]
	}
	return in(last(before), "negation") && (last(before) != "no" || len(before) > 1)
}
