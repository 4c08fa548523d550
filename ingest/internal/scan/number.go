package scan

import "strconv"

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

// Float reads a number by the JSON grammar as the nearest float64; finite is
// false if it is too large for one. Short decimals, which is what sensors send,
// take a path that is exact because both operands are (Clinger 1990, section 3).
func (s *Scanner) Float() (x float64, finite bool, err error) {
	s.Peek()
	start := s.Pos
	if x, ok := s.decimal(); ok {
		return x, true, nil
	}
	s.Pos = start
	token, err := s.Number()
	if err != nil {
		return 0, false, err
	}
	x, err = strconv.ParseFloat(string(token), 64)
	return x, err == nil, nil // out of range, which finite says
}

//nolint:gochecknoglobals // a table of constants; Go has no constant arrays
var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// maxExact is how many digits are exact in a float64, whatever they are.
const maxExact = 15

// decimal reads [-]digits[.digits] of at most maxExact digits. It gives up on
// everything else, right or wrong.
func (s *Scanner) decimal() (float64, bool) {
	b, start := s.Buf, s.Pos
	negative := s.Peek() == '-'
	if negative {
		start++
	}
	m, i := natural(b, start, 0)
	digits, decimals := i-start, 0
	if digits == 0 || digits > 1 && b[start] == '0' {
		return 0, false
	}
	if i < len(b) && b[i] == '.' {
		start = i + 1
		m, i = natural(b, start, m)
		if decimals = i - start; decimals == 0 {
			return 0, false
		}
	}
	if digits+decimals > maxExact || i < len(b) && b[i]|0x20 == 'e' {
		return 0, false
	}
	s.Pos = i
	x := float64(m) / powersOfTen[decimals]
	if negative {
		x = -x
	}
	return x, true
}

// natural reads digits from b[i] on as more of m, and returns where they end.
func natural(b []byte, i int, m uint64) (value uint64, end int) {
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		m = m*10 + uint64(b[i]-'0')
	}
	return m, i
}
