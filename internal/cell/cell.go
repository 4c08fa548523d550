// Package cell writes text into tables that people open in a spreadsheet.
package cell

import (
	"strings"
	"unicode"
)

// Text keeps a spreadsheet from running s as a formula, by an apostrophe
// before text that begins like one: with = + - @, in their full-width and small
// forms too, which spreadsheets in East Asia read as well. White space and what
// nobody sees is looked through: some drop it before they look; a cell that
// begins with a control character is text whatever follows. Read gives back what was written,
// apostrophes of its own included.
func Text(s string) string {
	if runs(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// Read is the text that a cell of Text stands for.
func Read(s string) string {
	if rest, quoted := strings.CutPrefix(s, "'"); quoted && runs(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

// runs tells whether a spreadsheet might run s.
func runs(s string) bool {
	for i, r := range s {
		switch {
		case strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212", r),
			i == 0 && unicode.IsControl(r):
			return true
		case !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf):
			return false
		}
	}
	return false
}
