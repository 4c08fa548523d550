package presage

import (
	"fmt"
	"log/slog"
	"strings"
)

// VIN is a vehicle identification number by ISO 3779: 17 characters, digits
// and capital letters without I, O and Q. It logs masked, whatever the logger.
type VIN string

// ParseVIN checks s and returns it in capitals. The check digit of position 9
// is compulsory where the law says so (North America: first character 1-5;
// China: L) and ignored elsewhere, where makers use the place freely.
// The error is an ErrInvalid that names the fault and never repeats the VIN.
func ParseVIN(s string) (VIN, error) {
	v := strings.ToUpper(strings.TrimSpace(s))
	if len(v) != 17 {
		return "", fmt.Errorf("%w VIN: %d characters, want 17", ErrInvalid, len(v))
	}
	for i := range len(v) {
		if vinWeight(v[i]) < 0 {
			return "", fmt.Errorf("%w VIN: character %q at position %d (digits and A-Z without I, O, Q)", ErrInvalid, v[i], i+1)
		}
	}
	if want := VINCheckDigit(v); v[8] != want && vinCheckCompulsory(v[0]) {
		return "", fmt.Errorf("%w VIN: check digit at position 9 is %q, want %q", ErrInvalid, v[8], want)
	}
	return VIN(v), nil
}

// VINCheckDigit returns the character that position 9 of the 17-character VIN
// v must hold ('0'-'9' or 'X') by 49 CFR 565.15 and GB 16735. It returns '?'
// when v is not 17 legal characters; position 9 itself is not read.
func VINCheckDigit(v string) byte {
	if len(v) != 17 {
		return '?'
	}
	weights := [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum := 0
	for i := range len(v) {
		w := vinWeight(v[i])
		if w < 0 && i != 8 {
			return '?'
		}
		sum += w * weights[i]
	}
	if r := sum % 11; r < 10 {
		return byte('0' + r)
	}
	return 'X'
}

// vinValues holds the transliteration of 49 CFR 565.15 table III for A-Z; '.' marks I, O and Q.
const vinValues = "12345678.12345.7.923456789"

// vinWeight is the value of c, -1 if c may not stand in a VIN.
func vinWeight(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z' && vinValues[c-'A'] != '.':
		return int(vinValues[c-'A'] - '0')
	}
	return -1
}

func vinCheckCompulsory(region byte) bool {
	return (region >= '1' && region <= '5') || region == 'L'
}

// Masked shows the maker and the last four characters: "LPS**********0042".
// It is the only form that may reach a log or an error text.
func (v VIN) Masked() string {
	if len(v) != 17 {
		return "***"
	}
	return string(v[:3]) + "**********" + string(v[13:])
}

// LogValue keeps a full VIN out of every slog record.
func (v VIN) LogValue() slog.Value { return slog.StringValue(v.Masked()) }
