package influx

import (
	"regexp"
	"strconv"
	"strings"

	"presage"
)

// fault is what a server says about lines that it turned away.
type fault struct {
	text      string // its words, without what only concerns other lines
	class     string // the same for readings with the same fault
	retention bool   // older than the bucket keeps

	field string // as the server writes it; "" unless it is one field's fault
	kind  string // the type that came, of a conflict
	limit int    // bytes, of a text that is too long
}

// What InfluxDB 1.8 and 2 say of one field.
var (
	conflict = regexp.MustCompile(`input field "(.*)" on measurement ".*" is type (\w+), already exists as type \w+`)
	vins     = regexp.MustCompile(`\b[A-HJ-NPR-Z0-9]{17}\b`)
	tooLong  = regexp.MustCompile(`input field "(.*)" on measurement ".*" is too long, \d+ > (\d+)`)
)

func newFault(err error) fault {
	text := strings.Join(strings.Fields(err.Error()), " ")
	// InfluxDB 2 names the database behind a fault, and the oldest and newest
	// point behind a summary: neither says anything about these readings.
	text, _, _ = strings.Cut(text, " for database: ")
	text, _, _ = strings.Cut(text, " - oldest point ")
	text = vins.ReplaceAllStringFunc(text, func(vin string) string { return presage.VIN(vin).Masked() })
	f := fault{text: text, class: text}
	if m := conflict.FindStringSubmatch(text); m != nil {
		f.field, f.kind, f.class = m[1], m[2], m[0]
		return f
	}
	if m := tooLong.FindStringSubmatch(text); m != nil {
		if limit, err := strconv.Atoi(m[2]); err == nil {
			f.field, f.limit, f.class = m[1], limit, "too long: "+m[1]
			return f
		}
	}
	for _, words := range []string{"beyond retention policy", "outside retention policy", "older than the retention"} {
		f.retention = f.retention || strings.Contains(text, words) && !strings.Contains(text, "unable to parse")
	}
	return f
}

// part sets the readings that have the fault of a field apart from all others.
// Lines keep their order in both.
func (f *fault) part(lines []line) (suspects, rest []line) {
	if f.field == "" {
		return nil, lines
	}
	for _, l := range lines {
		var bad, good []presage.Reading
		for n := range l.readings {
			if f.has(&l.readings[n]) {
				bad = append(bad, l.readings[n])
			} else {
				good = append(good, l.readings[n])
			}
		}
		if len(bad) > 0 {
			suspects = append(suspects, line{sample: l.sample, readings: bad})
		}
		if len(good) > 0 {
			rest = append(rest, line{sample: l.sample, readings: good})
		}
	}
	return suspects, rest
}

// has tells whether the fault could be r's.
func (f *fault) has(r *presage.Reading) bool {
	if r.Signal != f.field && strconv.Quote(r.Signal) != `"`+f.field+`"` {
		return false
	}
	if f.limit > 0 {
		encoded, _ := appendValue(nil, &r.Value)
		return len(encoded) > f.limit
	}
	return typeOf(r.Value.Kind) == f.kind
}

// typeOf is what InfluxDB calls the type that values of a kind are written as.
func typeOf(k presage.Kind) string {
	switch k {
	case presage.KindNumber:
		return "float"
	case presage.KindBool:
		return "boolean"
	case presage.KindString, presage.KindArray:
	}
	return "string"
}

// tell is the reason of a letter: the server's own text, short, with VINs masked.
func (f *fault) tell() string {
	text := f.text
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "..."
	}
	switch {
	case f.retention:
		text += ": the bucket keeps no data of that age (influx.retention)"
	case f.kind != "":
		text += ": send one kind of value under one name"
	}
	return text
}
