package presage

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Reason says why something was done, as data. Words are made of it where
// people read it, in their language.
type Reason struct {
	Code string            `json:"code,omitempty"` // one of the Why constants
	Args map[string]string `json:"args,omitempty"` // what its sentence names: instants in RFC 3339, numbers in decimal
	And  []Reason          `json:"and,omitempty"`  // what else was said with it
}

// Because makes a reason of a code and pairs of an argument's name and value.
func Because(code string, pairs ...string) Reason {
	r := Reason{Code: code}
	for pair := range slices.Chunk(pairs, 2) {
		if r.Args == nil {
			r.Args = make(map[string]string, len(pairs)/2)
		}
		r.Args[pair[0]] = pair[1]
	}
	return r
}

// Arg is the reason with one more argument.
func (r Reason) Arg(name, value string) Reason {
	args := maps.Clone(r.Args)
	if args == nil {
		args = map[string]string{}
	}
	args[name] = value
	r.Args = args
	return r
}

// With adds what else is to be said.
func (r Reason) With(more ...Reason) Reason {
	r.And = slices.Concat(r.And, more)
	return r
}

// IsZero tells that nothing is said.
func (r Reason) IsZero() bool { return r.Code == "" }

// Equal compares code, arguments and what else is said.
func (r Reason) Equal(x Reason) bool {
	return r.Code == x.Code && maps.Equal(r.Args, x.Args) && slices.EqualFunc(r.And, x.And, Reason.Equal)
}

// Stored is the reason as the stores keep it: the same for equal reasons, "" for none.
func (r Reason) Stored() string {
	if r.IsZero() {
		return ""
	}
	text, _ := json.Marshal(r) // strings alone: it cannot fail
	return string(text)
}

// ReasonOf reads what Stored wrote. Anything else is kept as a note of its text.
func ReasonOf(stored string) Reason {
	var r Reason
	if strings.TrimSpace(stored) == "" {
		return r
	}
	if err := json.Unmarshal([]byte(stored), &r); err != nil || r.Code == "" {
		return Because(WhyNote, "text", stored)
	}
	return r
}

// String names the code and the arguments by name, for logs.
func (r Reason) String() string {
	var text strings.Builder
	text.WriteString(cmp.Or(r.Code, "none"))
	for _, name := range slices.Sorted(maps.Keys(r.Args)) {
		text.WriteString(" " + name + "=" + r.Args[name])
	}
	for _, x := range r.And {
		text.WriteString("; " + x.String())
	}
	return text.String()
}
