package wording

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ForSMS is a text as an SMS carries it for least: where every character that
// GSM-7 lacks has a close form in it (ê e, “ ", – -, … ...), they are written
// so, for a single one of them would make the whole text cost up to three times
// as much. A text with a character that has none, such as a Chinese one, needs
// UCS-2 anyhow and stays as it is.
func ForSMS(text string) string {
	var plain strings.Builder
	forms := closeForms()
	for _, r := range norm.NFC.String(text) {
		if inGSM(r) {
			plain.WriteRune(r)
			continue
		}
		near, ok := nearest(r, forms)
		if !ok {
			return text
		}
		plain.WriteString(near)
	}
	return plain.String()
}

func inGSM(r rune) bool {
	return strings.ContainsRune(gsmBasic, r) || strings.ContainsRune(gsmExtended, r)
}

// nearest writes one character in those of GSM-7: by the table, else by what
// Unicode decomposes it into (NFKD), without the marks of its accents. "" is a
// character that nobody sees.
func nearest(r rune, forms map[rune]string) (string, bool) {
	if near, ok := forms[r]; ok {
		return near, true
	}
	var out strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		near, ok := forms[part]
		switch {
		case ok:
			out.WriteString(near)
		case unicode.Is(unicode.Mn, part), unicode.Is(unicode.Cf, part):
		case inGSM(part):
			out.WriteRune(part)
		default:
			return "", false
		}
	}
	return out.String(), true
}

// closeForms are the characters of European names and of typography whose close
// form no decomposition gives.
func closeForms() map[rune]string {
	return map[rune]string{
		'‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '´': "'", '`': "'", 'ʼ': "'", '‹': "'", '›': "'",
		'“': `"`, '”': `"`, '„': `"`, '‟': `"`, '″': `"`, '«': `"`, '»': `"`,
		'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-",
		'•': "-", '·': ".", '×': "x", '÷': "/", '⁄': "/", '©': "(c)", '®': "(R)", '°': "deg", 'µ': "u", '\t': " ",
		'Ð': "D", 'ð': "d", 'Đ': "D", 'đ': "d", 'Ħ': "H", 'ħ': "h", 'ı': "i", 'Ł': "L", 'ł': "l",
		'Œ': "OE", 'œ': "oe", 'Þ': "Th", 'þ': "th", 'Ŧ': "T", 'ŧ': "t", 'ẞ': "ß",
	}
}
