package outreach_test

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage"
)

// step is one line of a script: words and key=value options, either in double
// quotes where they hold spaces. What no verb takes is an error.
type step struct {
	t     *testing.T
	where string // file:line: the line
	words []string
	opts  map[string]string
}

// newStep splits a line; false for an empty one or a comment.
func newStep(t *testing.T, where, text string) (*step, bool) {
	t.Helper()
	text = strings.TrimSpace(text)
	if text == "" || strings.HasPrefix(text, "#") {
		return nil, false
	}
	st := &step{t: t, where: where + ": " + text, opts: map[string]string{}}
	token := regexp.MustCompile(`^\s*(?:([a-z][a-z0-9_.]*)=)?(?:"([^"]*)"|([^\s"]+))(?:\s|$)`)
	for rest := text; strings.TrimSpace(rest) != ""; {
		m := token.FindStringSubmatch(rest)
		if m == nil {
			st.fatalf("cannot read %q: want a word, key=value, or either in double quotes", rest)
		}
		key, value := m[1], m[2]+m[3]
		switch _, twice := st.opts[key]; {
		case key == "":
			st.words = append(st.words, value)
		case twice:
			st.fatalf("duplicate option %q", key)
		default:
			st.opts[key] = value
		}
		rest = rest[len(m[0]):]
	}
	return st, true
}

func (st *step) fatalf(format string, args ...any) {
	st.t.Helper()
	st.t.Fatalf("\n  %s\n  %s", st.where, strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\n  "))
}

func (st *step) must(err error) {
	st.t.Helper()
	if err != nil {
		st.fatalf("error: %v", err)
	}
}

// word takes the next word.
func (st *step) word(what string) string {
	st.t.Helper()
	if len(st.words) == 0 {
		st.fatalf("%s is missing", what)
	}
	w := st.words[0]
	st.words = st.words[1:]
	return w
}

// is takes the next word if it is w.
func (st *step) is(w string) bool {
	if len(st.words) == 0 || st.words[0] != w {
		return false
	}
	st.words = st.words[1:]
	return true
}

// opt takes an option.
func (st *step) opt(key, otherwise string) string {
	if v, ok := st.opts[key]; ok {
		delete(st.opts, key)
		return v
	}
	return otherwise
}

func (st *step) number(text string) int {
	n, err := strconv.Atoi(text)
	st.must(err)
	return n
}

func (st *step) float(text string) float64 {
	x, err := strconv.ParseFloat(text, 64)
	st.must(err)
	return x
}

// duration reads "3d", "36h", "2d4h30m".
func (st *step) duration(text string) time.Duration {
	days, rest, found := strings.Cut(text, "d")
	if !found {
		days, rest = "0", text
	}
	d := time.Duration(st.number(days)) * 24 * time.Hour
	if rest != "" {
		more, err := time.ParseDuration(rest)
		st.must(err)
		d += more
	}
	return d
}

// fails compares an error with the option error=, "" for none.
func (st *step) fails(err error) {
	st.t.Helper()
	kinds := map[string]error{
		"": nil, "conflict": presage.ErrConflict, "expired": presage.ErrExpired, "forbidden": presage.ErrForbidden,
		"not_found": presage.ErrNotFound, "invalid": presage.ErrInvalid, "new_owner": presage.ErrNewOwner,
		"stale": presage.ErrStale, "too_late": presage.ErrTooLate,
	}
	want := st.opt("error", "")
	kind, known := kinds[want]
	if !known {
		st.fatalf("unknown error %q, want one of %v", want, slices.Sorted(maps.Keys(kinds)))
	}
	if !errors.Is(err, kind) {
		st.fatalf("want error: %s\nhave error: %v", want, err)
	}
}

// done says what of the line no verb has taken.
func (st *step) done() {
	st.t.Helper()
	if len(st.words) > 0 || len(st.opts) > 0 {
		st.fatalf("unused: %q %v", st.words, st.opts)
	}
}
