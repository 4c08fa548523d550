package scan

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// maxDepth bounds nesting, so that a hostile document cannot exhaust the stack.
const maxDepth = 64

// SyntaxError tells where a document stops being JSON.
type SyntaxError struct {
	Offset int // bytes from the document's start
	Want   string
}

func (e *SyntaxError) Error() string {
	return "byte " + strconv.Itoa(e.Offset) + ": want " + e.Want
}

// Scanner walks over Buf. The zero Scanner with a Buf starts at its beginning.
// Slices it returns point into Buf, unless a string held an escape.
type Scanner struct {
	Buf []byte
	Pos int
}

func (s *Scanner) fail(want string) error { return &SyntaxError{Offset: s.Pos, Want: want} }

// Peek skips white space and returns the next byte without consuming it, 0 at the end.
func (s *Scanner) Peek() byte {
	for s.Pos < len(s.Buf) {
		switch c := s.Buf[s.Pos]; c {
		case ' ', '\t', '\n', '\r':
			s.Pos++
		default:
			return c
		}
	}
	return 0
}

// Open consumes the bracket that starts an object or array.
func (s *Scanner) Open(bracket byte) error {
	if s.Peek() != bracket {
		return s.fail(strconv.QuoteRune(rune(bracket)))
	}
	s.Pos++
	return nil
}

// Next moves to the next member of an object or array that was opened; first
// is true before the first member. It returns false after consuming the
// closing bracket.
func (s *Scanner) Next(first bool, closing byte) (bool, error) {
	c := s.Peek()
	if c == closing {
		s.Pos++
		return false, nil
	}
	if first {
		return true, nil
	}
	if c != ',' {
		return false, s.fail("',' or " + strconv.QuoteRune(rune(closing)))
	}
	s.Pos++
	if s.Peek() == closing {
		return false, s.fail("a member after ','")
	}
	return true, nil
}

// Key reads an object's key and its colon.
func (s *Scanner) Key() ([]byte, error) {
	key, err := s.String()
	if err != nil {
		return nil, err
	}
	if s.Peek() != ':' {
		return nil, s.fail("':'")
	}
	s.Pos++
	return key, nil
}

// Skips passes over text if it comes next, and tells whether it did.
func (s *Scanner) Skips(text string) bool {
	end := s.Pos + len(text)
	if end > len(s.Buf) || string(s.Buf[s.Pos:end]) != text {
		return false
	}
	s.Pos = end
	return true
}

// String reads a string and returns its text, unescaped.
func (s *Scanner) String() ([]byte, error) {
	if s.Peek() != '"' {
		return nil, s.fail("a string")
	}
	s.Pos++
	start := s.Pos
	plain := true
	for s.Pos < len(s.Buf) {
		switch c := s.Buf[s.Pos]; {
		case c == '"':
			text := s.Buf[start:s.Pos]
			s.Pos++
			if plain {
				return text, nil
			}
			return s.unquote(start, text)
		case c == '\\':
			plain = false
			s.Pos += 2
		case c < 0x20:
			return nil, s.fail("no control character in a string")
		default:
			plain = plain && c < utf8.RuneSelf
			s.Pos++
		}
	}
	s.Pos = len(s.Buf)
	return nil, s.fail("the end of the string")
}

// unquote resolves escapes and checks UTF-8; text started at offset start.
func (s *Scanner) unquote(start int, text []byte) ([]byte, error) {
	if bytes.IndexByte(text, '\\') < 0 {
		if !utf8.Valid(text) {
			return nil, &SyntaxError{Offset: start, Want: "UTF-8"}
		}
		return text, nil
	}
	out, ok := unescape(text)
	if !ok || !utf8.Valid(out) {
		return nil, &SyntaxError{Offset: start, Want: "valid escapes and UTF-8"}
	}
	return out, nil
}

// Word reads a bare word: true, false, null, NaN, Infinity, -Infinity.
func (s *Scanner) Word() ([]byte, error) {
	s.Peek()
	for _, w := range [...]string{"true", "false", "null", "NaN", "Infinity", "-Infinity"} {
		if len(s.Buf)-s.Pos >= len(w) && string(s.Buf[s.Pos:s.Pos+len(w)]) == w {
			word := s.Buf[s.Pos : s.Pos+len(w)]
			s.Pos += len(w)
			return word, nil
		}
	}
	return nil, s.fail("a value")
}

// Skip passes over one value and returns its bytes.
func (s *Scanner) Skip() ([]byte, error) {
	s.Peek()
	start := s.Pos
	if err := s.skip(0); err != nil {
		return nil, err
	}
	return s.Buf[start:s.Pos], nil
}

func (s *Scanner) skip(depth int) error {
	if depth > maxDepth {
		return s.fail(fmt.Sprintf("at most %d levels", maxDepth))
	}
	switch c := s.Peek(); {
	case c == '"':
		_, err := s.String()
		return err
	case c == '{':
		return s.skipMembers('{', '}', depth)
	case c == '[':
		return s.skipMembers('[', ']', depth)
	case c >= '0' && c <= '9' || c == '-' && !s.atInfinity():
		_, err := s.Number()
		return err
	}
	_, err := s.Word()
	return err
}

func (s *Scanner) skipMembers(open, closing byte, depth int) error {
	if err := s.Open(open); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := s.Next(first, closing)
		if err != nil || !more {
			return err
		}
		if open == '{' {
			if _, err := s.Key(); err != nil {
				return err
			}
		}
		if err := s.skip(depth + 1); err != nil {
			return err
		}
	}
}

// atInfinity tells whether the next bytes are "-I".
func (s *Scanner) atInfinity() bool { return s.Pos+1 < len(s.Buf) && s.Buf[s.Pos+1] == 'I' }

// AtNumber tells whether the next value is a number.
func (s *Scanner) AtNumber() bool {
	c := s.Peek()
	return c >= '0' && c <= '9' || c == '-' && !s.atInfinity()
}

// End checks that nothing but white space is left.
func (s *Scanner) End() error {
	if s.Peek() != 0 || s.Pos < len(s.Buf) {
		return s.fail("the end of the document")
	}
	return nil
}
