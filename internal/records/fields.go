package records

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

const mostCells = 4000 // characters of one field

// Fields reads the texts of a row, and gathers what is wrong with them.
type Fields struct {
	Row

	used   map[string]bool
	faults *[]error
}

// Of reads the fields of a row; what is wrong with them is added to faults.
func Of(r Row, faults *[]error) *Fields {
	return &Fields{Row: r, used: map[string]bool{}, faults: faults}
}

// Bad notes what is wrong with a field.
func (f *Fields) Bad(name, text string, args ...any) {
	at, ok := f.At[name]
	if !ok {
		at = f.Place + " (" + name + ")"
	}
	*f.faults = append(*f.faults, Fault(at, text, args...))
}

// Get is a field of one line, "" where it says nothing.
func (f *Fields) Get(name string, most int) (string, bool) {
	f.used[name] = true
	text, ok := f.Text[name]
	if err := presage.CheckPlain(text, most); err != nil {
		f.Bad(name, "%v", Bare(err))
	}
	return text, ok && text != ""
}

// Bare is an error without its kind, which the fault says already.
func Bare(err error) string {
	return strings.TrimPrefix(err.Error(), presage.ErrInvalid.Error()+": ")
}

// Need is a field that cannot be left out.
func (f *Fields) Need(name string, most int) string {
	text, ok := f.Get(name, most)
	if !ok {
		f.Bad(name, "it is missing")
	}
	return text
}

// ID is an identifier, "" where the row says nothing.
func (f *Fields) ID(name string) string {
	text, ok := f.Get(name, 64)
	if ok && presage.CheckID(text) != nil {
		f.Bad(name, "want an ID of up to 64 characters")
	}
	return text
}

// OneOf is one of some words.
func (f *Fields) OneOf(name string, of ...string) string {
	text, ok := f.Get(name, 40)
	if ok && !slices.Contains(of, text) {
		f.Bad(name, "%q: want one of %v", text, of)
	}
	return text
}

// Number is one in a range, 0 where the row says nothing.
func (f *Fields) Number(name string, least, most float64) float64 {
	text, ok := f.Get(name, 40)
	if !ok {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < least || n > most || n != n {
		f.Bad(name, "%q: want a number from %s to %s", text, decimal(least), decimal(most))
	}
	return n
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Whole is a whole number in a range, 0 where the row says nothing.
func (f *Fields) Whole(name string, least, most int) int {
	n := f.Number(name, float64(least), float64(most))
	if n != float64(int(n)) {
		f.Bad(name, "want a whole number")
	}
	return int(n)
}

// Truth is true or false.
func (f *Fields) Truth(name string) bool { return f.OneOf(name, "true", "false") == "true" }

// Instant wants a zone: a local time without its place could be any of several moments.
func (f *Fields) Instant(name string) time.Time {
	text, ok := f.Get(name, 40)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1990 || t.Year() > 2200 {
		f.Bad(name, "%q: want a time such as 2026-12-07T09:00:00+08:00", text)
		return time.Time{}
	}
	return t.UTC()
}

// Day is one of the calendar, at its beginning in UTC.
func (f *Fields) Day(name string) time.Time {
	text, ok := f.Get(name, 40)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1950 || t.Year() > 2200 {
		f.Bad(name, "%q: want a day such as 2026-12-07", text)
	}
	return t
}

// List is a field of several values, separated by ";".
func (f *Fields) List(name string) []string {
	text, _ := f.Get(name, mostCells)
	var out []string
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// When is a day, or an instant with its zone.
func (f *Fields) When(name string) time.Time {
	if text := f.Text[name]; len(text) == len(time.DateOnly) {
		return f.Day(name)
	}
	return f.Instant(name)
}

// Says tells whether the row says something in a field.
func (f *Fields) Says(name string) bool { return f.Text[name] != "" }

// Zone is a time zone by its IANA name.
func (f *Fields) Zone(name string) string {
	text, ok := f.Get(name, 64)
	if _, err := time.LoadLocation(text); ok && (err != nil || strings.EqualFold(text, "local")) {
		f.Bad(name, "%q: want an IANA time zone such as Asia/Shanghai", text)
	}
	return text
}

// Rest tells of fields that nothing reads: a misspelt one must not be lost.
func (f *Fields) Rest() {
	for _, name := range slices.Sorted(maps.Keys(f.At)) {
		if !f.used[name] {
			f.Bad(name, "no such field of a %s: it has %s", f.Kind, strings.Join(slices.Sorted(maps.Keys(f.used)), ", "))
		}
	}
}

// Joined is nil, or all faults, as many as a person would read.
func Joined(faults []error) error {
	const most = 100
	if n := len(faults); n > most {
		faults = append(slices.Clip(faults[:most]), fmt.Errorf("%w: and %d more", presage.ErrInvalid, n-most))
	}
	return errors.Join(faults...)
}
