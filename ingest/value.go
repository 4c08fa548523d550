package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	return d.members(func(name []byte) error { return d.signal(name, f) })
}

// signal reads one signal's value.
func (d *decoder) signal(name []byte, f *fields) error {
	known, ok := d.table[string(name)]
	what := ""
	if !ok {
		if strings.HasPrefix(string(name[:min(len(name), len(reservedPrefix))]), reservedPrefix) {
			f.reserved++
			_, err := d.scan.Skip()
			return err
		}
		what = nameFault(name)
	}
	v, present, wrong, err := d.value(known, ok)
	if err != nil {
		return err
	}
	if what == "" {
		what = wrong
	}
	if what != "" {
		if f.badValues++; f.badValue == "" {
			f.badValue = fmt.Sprintf("%.64q: %s", name, what)
		}
		return nil
	}
	if present {
		d.put(name, known, ok, v)
	}
	return nil
}

// put adds a reading, or replaces the one of the same name: the last one wins.
func (d *decoder) put(name []byte, known entry, ok bool, v presage.Value) {
	if ok {
		word, bit := &d.seen[known.index/64], uint64(1)<<(known.index%64)
		if *word&bit != 0 {
			i := slices.IndexFunc(d.readings, func(r presage.Reading) bool { return r.Signal == known.name })
			d.readings[i].Value = v
			return
		}
		*word |= bit
		d.readings = append(d.readings, presage.Reading{Signal: known.name, Value: v})
		return
	}
	if place, dup := d.extra[string(name)]; dup {
		d.readings[place].Value = v
		return
	}
	if d.extra == nil {
		d.extra = make(map[string]int)
	}
	text := string(name)
	d.extra[text] = len(d.readings)
	d.unknown++
	d.readings = append(d.readings, presage.Reading{Signal: text, Value: v})
}

// value reads the next value as the table wants it, or by its own form when
// the signal is unknown. present is false for null; wrong tells why a
// well-formed value cannot be used.
func (d *decoder) value(known entry, ok bool) (v presage.Value, present bool, wrong string, err error) {
	c := d.scan.Peek()
	switch {
	case d.scan.AtNumber():
		v, wrong, err = d.number(known, ok)
	case c == '"':
		v, wrong, err = d.text(known, ok)
	case c == '[':
		v, wrong, err = d.array(known, ok)
	case c == '{':
		_, err = d.scan.Skip()
		wrong = "an object is no value"
	default:
		return d.word(known, ok)
	}
	return v, true, wrong, err
}

func (d *decoder) number(known entry, ok bool) (presage.Value, string, error) {
	token, err := d.scan.Number()
	if err != nil {
		return presage.Value{}, "", err
	}
	x, finite := scan.Float(token)
	switch {
	case !finite:
		return presage.Value{}, "the number is too large", nil
	case !ok || known.kind == presage.KindNumber:
		return presage.Number(x), "", nil
	case known.kind == presage.KindBool && (x == 0 || x == 1):
		return presage.Bool(x == 1), "", nil
	case known.kind == presage.KindString:
		return presage.String(string(token)), "", nil
	}
	return presage.Value{}, wanted(known.kind), nil
}

func (d *decoder) text(known entry, ok bool) (presage.Value, string, error) {
	text, err := d.scan.String()
	if err != nil {
		return presage.Value{}, "", err
	}
	if !ok || known.kind == presage.KindString {
		return presage.String(string(text)), "", nil
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
	token, err := s.Number()
	if err != nil || s.End() != nil {
		return 0, false
	}
	return scan.Float(token)
}

func (d *decoder) array(known entry, ok bool) (v presage.Value, wrong string, err error) {
	raw, err := d.scan.Skip()
	if err != nil {
		return v, "", err
	}
	if ok && known.kind != presage.KindArray {
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
		token, err := s.Number()
		if err != nil {
			return v, fmt.Sprintf("element %d is not a number", len(list)), nil //nolint:nilerr // a fault of the value
		}
		x, finite := scan.Float(token)
		if !finite {
			return v, fmt.Sprintf("element %d is too large", len(list)), nil
		}
		list = append(list, x)
	}
}

func (d *decoder) word(known entry, ok bool) (v presage.Value, present bool, wrong string, err error) {
	word, err := d.scan.Word()
	if err != nil {
		return v, false, "", err
	}
	switch string(word) {
	case "null":
		return v, false, "", nil
	case "true", "false":
		if ok && known.kind != presage.KindBool {
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
