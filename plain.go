package presage

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckPlain is an ErrInvalid when s is not a plain text of one line: longer than
// most characters, or with control characters (NUL, line ends, tabulators) or
// others that break lines or turn the direction of writing around, which would
// make logs, files and pages say what nobody wrote.
func CheckPlain(s string, most int) error {
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Errorf("%w: %d characters, want at most %d", ErrInvalid, n, most)
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("%w: it is not UTF-8", ErrInvalid)
	}
	if i := strings.IndexFunc(s, unplain); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return fmt.Errorf("%w: character %d is U+%04X: no control characters, line ends or tabulators",
			ErrInvalid, utf8.RuneCountInString(s[:i])+1, r)
	}
	return nil
}

// CheckID is CheckPlain for an identifier: one to 64 characters, seen by all
// readers as the same.
func CheckID(s string) error {
	const most = 64
	if s == "" {
		return fmt.Errorf("%w: it is empty", ErrInvalid)
	}
	if strings.TrimSpace(s) != s {
		return fmt.Errorf("%w: leading or trailing space", ErrInvalid)
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Cf, r) }); i >= 0 {
		return fmt.Errorf("%w: an invisible character", ErrInvalid)
	}
	return CheckPlain(s, most)
}

// CheckNote is CheckPlain for a text of several lines.
func CheckNote(s string, most int) error {
	return CheckPlain(strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(s), most)
}

// unplain characters control a terminal, end a line or turn the direction of writing.
func unplain(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r == '\ufeff'
}
