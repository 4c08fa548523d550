package mapped

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// step goes to a member, an element, or all elements.
type step struct {
	member string
	index  int
	kind   stepKind
}

type stepKind int

const (
	toMember stepKind = iota
	toElement
	toAll
)

// path leads to a value in a document.
type path []step

// parsePath reads "a.b[0].c[*]"; a backslash takes the next character as it is.
func parsePath(text string) (path, error) {
	var p path
	for more := true; more; {
		var segment string
		segment, text, more = cut(text, '.')
		name, indices, indexed := cut(segment, '[')
		if name == "" && (len(p) > 0 || !indexed) {
			return nil, errors.New("an empty name")
		}
		if name != "" {
			p = append(p, step{member: unescape(name)})
		}
		for indexed {
			index, rest, closed := strings.Cut(indices, "]")
			if !closed || rest != "" && rest[0] != '[' {
				return nil, errors.New("[ without ]")
			}
			s, err := parseIndex(index)
			if err != nil {
				return nil, err
			}
			p = append(p, s)
			indices, indexed = strings.CutPrefix(rest, "[")
		}
	}
	return p, nil
}

// cut is strings.Cut at the first sep that no backslash stands before.
func cut(text string, sep byte) (before, after string, found bool) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case sep:
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}

func unescape(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

func parseIndex(text string) (step, error) {
	if text == "*" {
		return step{kind: toAll}, nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return step{}, fmt.Errorf("[%.20s]: want a number from 0 to 65535, or *", text)
	}
	return step{kind: toElement, index: int(n)}, nil
}

// in is the value at p in doc, which encoding/json decoded; with [*] the list
// of all.
func (p path) in(doc any) (any, bool) {
	for i, s := range p {
		switch s.kind {
		case toMember:
			object, ok := doc.(map[string]any)
			if !ok {
				return nil, false
			}
			if doc, ok = object[s.member]; !ok {
				return nil, false
			}
		case toElement:
			list, ok := doc.([]any)
			if !ok || s.index >= len(list) {
				return nil, false
			}
			doc = list[s.index]
		case toAll:
			list, ok := doc.([]any)
			if !ok {
				return nil, false
			}
			return p[i+1:].ofEach(list)
		}
	}
	return doc, true
}

// ofEach is the value at p in each of list; an array with a hole is none.
func (p path) ofEach(list []any) (any, bool) {
	out := make([]any, 0, len(list))
	for _, element := range list {
		v, ok := p.in(element)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, len(out) > 0
}
