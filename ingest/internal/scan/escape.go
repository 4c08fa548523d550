package scan

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// unescape resolves the escapes of a JSON string's text. Lone surrogates
// become U+FFFD, as encoding/json does it.
func unescape(text []byte) ([]byte, bool) {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			out = append(out, text[i])
			i++
			continue
		}
		if i+1 >= len(text) {
			return nil, false
		}
		if text[i+1] == 'u' {
			r, n, ok := unicodeEscape(text[i:])
			if !ok {
				return nil, false
			}
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		c := simpleEscape(text[i+1])
		if c == 0 {
			return nil, false
		}
		out = append(out, c)
		i += 2
	}
	return out, true
}

// simpleEscape is what the escape \c stands for, 0 if there is none.
func simpleEscape(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}

// unicodeEscape reads \u and four hexadecimal digits, or a surrogate pair of two, and returns the rune
// and the number of bytes read.
func unicodeEscape(text []byte) (rune, int, bool) {
	first, ok := hex4(text)
	if !ok {
		return 0, 0, false
	}
	if !utf16.IsSurrogate(first) {
		return first, 6, true
	}
	if second, ok := hex4(text[6:]); ok {
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return r, 12, true
		}
	}
	return utf8.RuneError, 6, true
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
