package reply

import (
	"strings"
	"unicode"
)

// The longest and the shortest runs of letters, and of Chinese characters.
const (
	shortRun, longRun     = 2, 5
	shortRunZH, longRunZH = 1, 4
)

// lettersOf lists what a text shows by its letters alone: runs of them, words and
// pairs of words. No rule and no list of words has a part in it, so that it errs
// elsewhere than cluesOf.
func lettersOf(text string, booked bool) []uint32 {
	c := &clues{seen: map[uint32]bool{}}
	state := "open"
	if booked {
		state = "booked"
	}
	c.add("always")
	c.add(state)
	line := spaced(text)
	if strings.ContainsFunc(text, isHan) {
		c.runs(line, shortRunZH, longRunZH)
		return c.list
	}
	c.runs(line, shortRun, longRun)
	before := ""
	for w := range strings.FieldsSeq(strings.Trim(string(line), "^$")) {
		c.add("word", w)
		c.add("word", w, state)
		if before != "" {
			c.add("pair", before, w)
		}
		before = w
	}
	return c.list
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// spaced is a text with its ends marked and one space for what is neither letter,
// digit, sign of a face nor question.
func spaced(text string) []rune {
	line := []rune{'^'}
	for _, r := range text {
		sign := r > 0x2000 && !unicode.IsPunct(r) && !unicode.IsSpace(r)
		if !unicode.IsDigit(r) && !unicode.IsLetter(r) && r != '?' && !sign {
			r = ' '
		}
		if r != ' ' || line[len(line)-1] != ' ' {
			line = append(line, r)
		}
	}
	return append(line, '$')
}

// runs adds each run of so many characters.
func (c *clues) runs(line []rune, shortest, longest int) {
	for i := range line {
		for n := shortest; n <= longest && i+n <= len(line); n++ {
			c.add("run", string(line[i:i+n]))
		}
	}
}
