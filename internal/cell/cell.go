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
// begins with a control character is text whatever follows.
func Text(s string) string {
	for i, r := range s {
		switch {
		case strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212", r),
			i == 0 && unicode.IsControl(r):
			return "'" + s
		case !unicode.IsSpace(r) && !unicode.In(r, unicode.Cc, unicode.Cf):
			return s
		}
	}
	return s
}
