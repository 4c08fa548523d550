package scan

import (
	"math"
	"strconv"
)

// Number reads a number by the JSON grammar and returns its text.
func (s *Scanner) Number() ([]byte, error) {
	s.Peek()
	start := s.Pos
	s.take('-')
	if !s.take('0') && !s.digits() {
		return nil, s.fail("a digit")
	}
	if s.take('.') && !s.digits() {
		return nil, s.fail("a digit")
	}
	if s.take('e') || s.take('E') {
		if !s.take('+') {
			s.take('-')
		}
		if !s.digits() {
			return nil, s.fail("a digit")
		}
	}
	return s.Buf[start:s.Pos], nil
}

func (s *Scanner) take(c byte) bool {
	if s.Pos < len(s.Buf) && s.Buf[s.Pos] == c {
		s.Pos++
		return true
	}
	return false
}

func (s *Scanner) digits() bool {
	start := s.Pos
	for s.Pos < len(s.Buf) && s.Buf[s.Pos] >= '0' && s.Buf[s.Pos] <= '9' {
		s.Pos++
	}
	return s.Pos > start
}

// Float turns a number's text into the nearest float64; false if it is not a
// number or not finite. Short decimals, which is what sensors send, take a path
// that is exact because both operands are (Clinger 1990, section 3).
func Float(text []byte) (float64, bool) {
	mantissa, exp, ok := decimal(text)
	if ok && exp >= -22 && exp <= 0 {
		x := float64(mantissa) / powersOfTen[-exp]
		if text[0] == '-' {
			x = -x
		}
		return x, true
	}
	x, err := strconv.ParseFloat(string(text), 64)
	return x, err == nil && !math.IsInf(x, 0) && !math.IsNaN(x)
}

//nolint:gochecknoglobals // a table of constants; Go has no constant arrays
var powersOfTen = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// decimal reads [-]digits[.digits] of at most 15 digits; exp is minus the
// number of digits after the point.
func decimal(text []byte) (mantissa int64, exp int, ok bool) {
	point, digits := false, 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + int64(c-'0')
			digits++
			if point {
				exp--
			}
		case c == '.' && !point:
			point = true
		case c == '-' && i == 0:
		default:
			return 0, 0, false
		}
	}
	return mantissa, exp, digits > 0 && digits <= 15
}
