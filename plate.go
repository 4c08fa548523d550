package presage

import (
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plate is a licence plate as it is written, "" where nobody has told it. It is
// personal: it tells whose car it is.
type Plate string

// longestPlate is in characters.
const longestPlate = 20

// Check is ErrInvalid for what cannot stand on a plate: long texts, and signs that cannot be seen.
func (p Plate) Check() error { return CheckPlain(string(p), longestPlate) }

// Folded is the same for one plate that people write differently: "沪A·12345", "沪a 12345".
func (p Plate) Folded() string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, string(p))
}

// Masked shows the first character: "沪***".
func (p Plate) Masked() string {
	_, n := utf8.DecodeRuneInString(string(p))
	return string(p[:n]) + "***"
}

// LogValue keeps a plate out of every slog record.
func (p Plate) LogValue() slog.Value { return slog.StringValue(p.Masked()) }
