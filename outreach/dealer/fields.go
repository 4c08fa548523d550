package dealer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"presage"
)

// fields reads the texts of a row, and gathers what is wrong with them.
type fields struct {
	row

	used   map[string]bool
	faults *[]error
}

func (f *fields) bad(name, text string, args ...any) {
	at, ok := f.at[name]
	if !ok {
		at = f.place + " (" + name + ")"
	}
	*f.faults = append(*f.faults, fault(at, text, args...))
}

// get is a field of one line, "" where it says nothing.
func (f *fields) get(name string, most int) (string, bool) {
	f.used[name] = true
	text, ok := f.text[name]
	if err := presage.CheckPlain(text, most); err != nil {
		f.bad(name, "%v", errText(err))
	}
	return text, ok && text != ""
}

// errText is an error without its kind, which the fault says already.
func errText(err error) string {
	return strings.TrimPrefix(err.Error(), presage.ErrInvalid.Error()+": ")
}

// need is a field that cannot be left out.
func (f *fields) need(name string, most int) string {
	text, ok := f.get(name, most)
	if !ok {
		f.bad(name, "it is missing")
	}
	return text
}

func (f *fields) id(name string) string {
	text, ok := f.get(name, 64)
	if ok && presage.CheckID(text) != nil {
		f.bad(name, "want an ID of up to 64 characters")
	}
	return text
}

func (f *fields) oneOf(name string, of ...string) string {
	text, ok := f.get(name, 40)
	if ok && !slices.Contains(of, text) {
		f.bad(name, "%q: want one of %v", text, of)
	}
	return text
}

func (f *fields) number(name string, least, most float64) float64 {
	text, ok := f.get(name, 40)
	if !ok {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < least || n > most || n != n {
		f.bad(name, "%q: want a number from %v to %v", text, least, most)
	}
	return n
}

func (f *fields) whole(name string, least, most int) int {
	n := f.number(name, float64(least), float64(most))
	if n != float64(int(n)) {
		f.bad(name, "want a whole number")
	}
	return int(n)
}

func (f *fields) truth(name string) bool { return f.oneOf(name, "true", "false") == "true" }

// instant wants a zone: a local time without its place could be any of several moments.
func (f *fields) instant(name string) time.Time {
	text, ok := f.get(name, 40)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 1990 || t.Year() > 2200 {
		f.bad(name, "%q: want a time such as 2026-12-07T09:00:00+08:00", text)
		return time.Time{}
	}
	return t.UTC()
}

func (f *fields) day(name string) time.Time {
	text, ok := f.get(name, 40)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1950 || t.Year() > 2200 {
		f.bad(name, "%q: want a day such as 2026-12-07", text)
	}
	return t
}

// list is a field of several values, separated by ";".
func (f *fields) list(name string) []string {
	text, _ := f.get(name, mostCells)
	var out []string
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// phone reads a number in any of the usual forms; a national one needs the country.
func (f *fields) phone(name string) presage.Phone {
	f.used["country"] = true
	text, ok := f.get(name, 40)
	if !ok {
		return ""
	}
	n, err := phonenumbers.Parse(text, strings.ToUpper(f.text["country"]))
	if err != nil {
		f.bad(name, "not a phone number: want +8613800000000, or a country beside it (CN)")
		return ""
	}
	return presage.Phone(phonenumbers.Format(n, phonenumbers.E164))
}

func (f *fields) zone(name string) string {
	text, ok := f.get(name, 64)
	if _, err := time.LoadLocation(text); ok && (err != nil || strings.EqualFold(text, "local")) {
		f.bad(name, "%q: want an IANA time zone such as Asia/Shanghai", text)
	}
	return text
}

// head is what every row has. revision, or else updated_at, tells newer from older.
func (f *fields) head() presage.ImportRow {
	r := presage.ImportRow{Place: f.place, Kind: f.kind, ExternalID: f.id("id")}
	if r.ExternalID == "" {
		f.bad("id", "it is missing")
	}
	r.Revision = int64(f.whole("revision", 0, 1<<53))
	if at := f.instant("updated_at"); !at.IsZero() && r.Revision == 0 {
		r.Revision = at.UnixMicro()
	}
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f.text)) {
		if name != "revision" && name != "updated_at" {
			fmt.Fprintf(sum, "%q=%q\n", name, f.text[name])
		}
	}
	r.Digest = hex.EncodeToString(sum.Sum(nil))
	return r
}

// rest tells of fields that nothing reads: a misspelt one must not be lost.
func (f *fields) rest() {
	for _, name := range slices.Sorted(maps.Keys(f.at)) {
		if !f.used[name] {
			f.bad(name, "no such field of a %s: it has %s", f.kind, strings.Join(slices.Sorted(maps.Keys(f.used)), ", "))
		}
	}
}

// joined is nil, or all faults, as many as a person would read.
func joined(faults []error) error {
	const most = 100
	if n := len(faults); n > most {
		faults = append(slices.Clip(faults[:most]), fmt.Errorf("%w: and %d more", presage.ErrInvalid, n-most))
	}
	return errors.Join(faults...)
}
