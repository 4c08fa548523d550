package ingest

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"presage"
	"presage/ingest/internal/scan"
)

// signals reads the object of a sample's signals into d.readings.
func (d *decoder) signals(f *fields) error {
	if d.scan.Peek() != '{' {
		_, err := d.scan.Skip()
		f.badValue, f.badValues = `"signals": want an object`, 1
		return err
	}
	d.scan.Pos++
	for first := true; ; first = false {
		more, err := d.scan.Next(first, '}')
		if err != nil || !more {
			return err
		}
		if err := d.signal(f); err != nil {
			return err
		}
	}
}

// signal reads one signal's name and value.
func (d *decoder) signal(f *fields) error {
	known := d.after[d.previous]
	var name []byte
	if known == nil || !d.scan.Skips(known.key) {
		var err error
		if name, err = d.scan.Key(); err != nil {
			return err
		}
		if known = d.table.byName[string(name)]; known != nil {
			d.after[d.previous] = known
		}
	}
	if known == nil {
		return d.stranger(name, f)
	}
	d.previous = known.index + 1
	v, present, wrong, err := d.value(known)
	switch {
	case err != nil:
		return err
	case wrong != "":
		f.bad(known.name, wrong)
	case present:
		d.put(known, v)
	}
	return nil
}

// stranger reads the value of a signal that the table does not hold.
func (d *decoder) stranger(name []byte, f *fields) error {
	if bytes.HasPrefix(name, []byte(reservedPrefix)) {
		f.reserved++
		_, err := d.scan.Skip()
		return err
	}
	what := nameFault(name)
	v, present, wrong, err := d.value(nil)
	if err != nil {
		return err
	}
	if what == "" {
		what = wrong
	}
	switch {
	case what != "":
		f.bad(string(name), what)
	case present:
		d.putStranger(name, v)
	}
	return nil
}

// bad notes a value that cannot be used.
func (f *fields) bad(name, what string) {
	if f.badValues++; f.badValue == "" {
		f.badValue = fmt.Sprintf("%.64q: %s", name, what)
	}
}

// badText is bad with the whole of its text.
func (f *fields) badText(text string) {
	if f.badValues++; f.badValue == "" {
		f.badValue = text
	}
}

// put adds a reading, or replaces the one of the same name: the last one wins.
func (d *decoder) put(known *entry, v presage.Value) {
	d.odd = d.odd || known.odd(v)
	word, bit := &d.seen[known.index/64], uint64(1)<<(known.index%64)
	if *word&bit != 0 {
		i := slices.IndexFunc(d.readings, func(r presage.Reading) bool { return r.Signal == known.name })
		d.readings[i].Value = v
		return
	}
	*word |= bit
	d.readings = append(d.readings, presage.Reading{Signal: known.name, Value: v})
}

// putStranger is put for a name that the table does not hold.
func (d *decoder) putStranger(name []byte, v presage.Value) {
	if place, dup := d.extra[string(name)]; dup {
		d.readings[place].Value = v
		return
	}
	if d.extra == nil {
		d.extra = make(map[string]int)
	}
	text := d.intern(name)
	d.extra[text] = len(d.readings)
	d.unknown++
	d.readings = append(d.readings, presage.Reading{Signal: text, Value: v})
}

const (
	maxInterned      = 4096
	maxInternedBytes = 64
)

// intern is text as a string. Short ones are mostly one of a few.
func (d *decoder) intern(text []byte) string {
	if len(text) > maxInternedBytes {
		return string(text)
	}
	s, ok := d.texts[string(text)]
	if !ok {
		if len(d.texts) >= maxInterned {
			clear(d.texts)
		}
		s = string(text)
		d.texts[s] = s
	}
	return s
}

// value reads the next value as the table wants it, or by its own form when
// known is nil. present is false for null; wrong tells why a well-formed value
// cannot be used.
func (d *decoder) value(known *entry) (v presage.Value, present bool, wrong string, err error) {
	c := d.scan.Peek()
	switch {
	case c >= '0' && c <= '9' || c == '-' && d.scan.AtNumber():
		v, wrong, err = d.number(known)
	case c == '"':
		v, wrong, err = d.text(known)
	case c == '[':
		v, wrong, err = d.array(known)
	case c == '{':
		_, err = d.scan.Skip()
		wrong = "an object is not a value"
	default:
		return d.word(known)
	}
	return v, true, wrong, err
}

func (d *decoder) number(known *entry) (presage.Value, string, error) {
	start := d.scan.Pos
	x, finite, err := d.scan.Float()
	switch {
	case err != nil:
		return presage.Value{}, "", err
	case !finite:
		return presage.Value{}, "the number is too large", nil
	case known == nil || known.kind == presage.KindNumber:
		return presage.Value{Kind: presage.KindNumber, Number: x}, "", nil
	case known.kind == presage.KindBool && (x == 0 || x == 1):
		return presage.Bool(x == 1), "", nil
	case known.kind == presage.KindString:
		return presage.String(string(d.scan.Buf[start:d.scan.Pos])), "", nil
	}
	return presage.Value{}, wanted(known.kind), nil
}

func (d *decoder) text(known *entry) (presage.Value, string, error) {
	text, err := d.scan.String()
	if err != nil {
		return presage.Value{}, "", err
	}
	if known == nil || known.kind == presage.KindString {
		return presage.String(d.intern(text)), "", nil
	}
	switch known.kind {
	case presage.KindNumber:
		if x, finite := decimalText(text); finite {
			return presage.Number(x), "", nil
		}
	case presage.KindBool:
		if b, err := strconv.ParseBool(string(text)); err == nil {
			return presage.Bool(b), "", nil
		}
	case presage.KindString, presage.KindArray:
	}
	return presage.Value{}, wanted(known.kind), nil
}

// decimalText reads a number that came as text, by the grammar of JSON numbers.
func decimalText(text []byte) (float64, bool) {
	s := scan.Scanner{Buf: text}
	x, finite, err := s.Float()
	return x, finite && err == nil && s.End() == nil
}

func (d *decoder) array(known *entry) (v presage.Value, wrong string, err error) {
	raw, err := d.scan.Skip()
	if err != nil {
		return v, "", err
	}
	if known != nil && known.kind != presage.KindArray {
		return v, wanted(known.kind), nil
	}
	s := scan.Scanner{Buf: raw}
	if err := s.Open('['); err != nil {
		return v, "", err
	}
	list := make([]float64, 0, len(raw)/6+1)
	for first := true; ; first = false {
		more, err := s.Next(first, ']')
		if err != nil {
			return v, "", err
		}
		if !more {
			return presage.Array(list), "", nil
		}
		x, finite, err := s.Float()
		if err != nil {
			return v, fmt.Sprintf("element %d is not a number", len(list)), nil //nolint:nilerr // a fault of the value
		}
		if !finite {
			return v, fmt.Sprintf("element %d is too large", len(list)), nil
		}
		list = append(list, x)
	}
}

func (d *decoder) word(known *entry) (v presage.Value, present bool, wrong string, err error) {
	word, err := d.scan.Word()
	if err != nil {
		return v, false, "", err
	}
	switch string(word) {
	case "null":
		return v, false, "", nil
	case "true", "false":
		if known != nil && known.kind != presage.KindBool {
			return v, true, wanted(known.kind), nil
		}
		return presage.Bool(string(word) == "true"), true, "", nil
	}
	return v, true, string(word) + " is not a number: leave the signal out", nil
}

func wanted(k presage.Kind) string {
	switch k {
	case presage.KindBool:
		return "want true or false"
	case presage.KindString:
		return "want a text"
	case presage.KindArray:
		return "want an array of numbers"
	case presage.KindNumber:
	}
	return "want a finite number"
}
