package ingest

import (
	"bytes"
	"fmt"
	"slices"

	"presage/ingest/internal/scan"
)

// The tolerant reader. It runs when the strict one has found that a payload is
// not JSON, and looks for what is beyond doubt all the same: members between
// two commas that are JSON, in samples whose brackets are there. A slip costs
// the reading or the sample that it is in. Nothing is guessed:
//
//   - 12,5 and 007, +5, .5, nan, inf, 0x1F, 1.2.3 are not numbers; the reading is refused.
//   - A value is one only if a comma or a bracket follows: 12 at the end of a
//     text that was cut off may have been 125.
//   - A sample that was cut off or lacks a bracket is refused whole.
//   - Commas too many, brackets that lack at the end of the document, and
//     documents one behind the other cost nothing.

// salvage reads what it can of doc, which cause says is not JSON. The error is
// the message's, if nothing can be told of it.
func (d *decoder) salvage(doc []byte, cause error) error {
	d.samples, d.faults, d.raws, d.unknown = d.samples[:0], nil, nil, 0
	l := scan.Tolerant{Buf: doc}
	for {
		passed, more := l.NextObject()
		if len(passed) > 0 {
			d.fault(ReasonMalformed, "text that is not part of a sample", 1, passed)
		}
		if !more {
			break
		}
		if err := d.tolerantDocument(&l); err != nil {
			return err
		}
	}
	if len(d.samples) == 0 && !slices.ContainsFunc(d.faults, func(f Fault) bool { return f.Reason != ReasonMalformed }) {
		return refuse(ReasonMalformed, cause.Error())
	}
	d.mended = true
	return nil
}

// tolerantDocument is document for the tolerant reader.
func (d *decoder) tolerantDocument(l *scan.Tolerant) error {
	start := l.Pos
	f := d.tolerantObject(l, false)
	if f.vinFault != "" {
		return refuse(ReasonForeignVIN, f.vinFault)
	}
	raw := l.Buf[start:l.Pos]
	if len(raw) == len(l.Buf) {
		raw = nil // the whole message
	}
	if f.hasSignals || f.hasTS || f.batch == nil {
		d.tolerantFinish(f, raw)
	}
	if f.batch == nil {
		return nil
	}
	if !bytes.HasPrefix(f.batch, []byte("[")) {
		d.fault(ReasonMalformed, `"samples": want an array`, 1, raw)
		return nil
	}
	d.nested = true
	defer func() { d.nested = false }()
	d.tolerantBatch(f.batch)
	return nil
}

// tolerantBatch is batch for the tolerant reader.
func (d *decoder) tolerantBatch(text []byte) {
	in := scan.Tolerant{Buf: text}
	for {
		passed, more := in.NextObject()
		if len(passed) > 0 {
			d.fault(ReasonMalformed, "text between two samples", 1, passed)
		}
		if !more {
			return
		}
		start := in.Pos
		f := d.tolerantObject(&in, true)
		d.tolerantFinish(f, in.Buf[start:in.Pos])
	}
}

// tolerantObject is object for the tolerant reader.
func (d *decoder) tolerantObject(l *scan.Tolerant, inArray bool) fields {
	f := fields{tsFault: `"ts" is missing: want epoch milliseconds or RFC 3339`}
	d.reset()
	if !l.Object(inArray, func(p scan.Part) { d.tolerantPart(p, &f) }) {
		f.broken = true
	}
	return f
}

func (d *decoder) tolerantFinish(f fields, raw []byte) {
	if f.broken {
		d.fault(ReasonMalformed, "a sample that is cut off, or lacks a bracket", 1, bytes.Trim(raw, " \t\r\n,"))
		return
	}
	d.finish(f, raw)
}

// tolerantPart is member for the tolerant reader.
func (d *decoder) tolerantPart(p scan.Part, f *fields) {
	switch key, _ := d.tolerantKey(p); key {
	case "ts":
		f.hasTS, f.tsFault = true, `"ts" cannot be read: want epoch milliseconds or RFC 3339`
		if p.Sound {
			d.sound(p, f)
		}
	case "vin":
		f.vinFault = `"vin" cannot be read: a vehicle speaks for itself only`
		if p.Sound {
			d.sound(p, f)
		}
	case "signals":
		if f.hasSignals {
			d.reset() // a repeated key: the last one wins
			f.badValue, f.badValues, f.reserved = "", 0, 0
		}
		f.hasSignals = true
		d.tolerantSignals(p.Value, f)
	case "samples":
		if !d.nested {
			if f.batch = p.Value; f.batch == nil {
				f.batch = []byte{}
			}
		}
	case "":
		f.badText(excerpt(p.Text) + ": not a member of a sample")
	}
}

// tolerantKey is the key of a part; false if there is none that can be read.
func (d *decoder) tolerantKey(p scan.Part) (string, bool) {
	if p.Key == nil {
		return "", false
	}
	s := scan.Scanner{Buf: p.Key}
	key, err := s.String()
	return string(key), err == nil && s.End() == nil
}

// sound reads a member of a sample that is JSON.
func (d *decoder) sound(p scan.Part, f *fields) {
	d.scan = scan.Scanner{Buf: p.Text}
	key, err := d.scan.Key()
	if err == nil {
		err = d.member(key, f)
	}
	if err != nil { // cannot be: the whole member has been passed over before
		f.broken = true
	}
}

// tolerantSignals is signals for the tolerant reader.
func (d *decoder) tolerantSignals(text []byte, f *fields) {
	if len(text) == 0 || text[0] != '{' {
		f.badText(`"signals": want an object`)
		return
	}
	l := scan.Tolerant{Buf: text}
	if !l.Object(false, func(p scan.Part) { d.tolerantSignal(p, f) }) {
		f.broken = true
		return
	}
	if l.Pos < len(text) {
		f.badText(excerpt(text[l.Pos:]) + ": text behind the signals")
	}
}

// tolerantSignal is signal for the tolerant reader.
func (d *decoder) tolerantSignal(p scan.Part, f *fields) {
	if p.Sound {
		d.scan = scan.Scanner{Buf: p.Text}
		if d.signal(f) == nil {
			return
		}
	}
	if name, ok := d.tolerantKey(p); ok {
		f.bad(name, unreadable(p.Value))
	} else {
		f.badText(excerpt(p.Text) + ": not a signal's name and value")
	}
}

// unreadable tells what is wrong with the text of a value.
func unreadable(value []byte) string {
	switch word := string(bytes.ToLower(bytes.TrimLeft(value, "+-"))); {
	case word == "nan" || word == "inf" || word == "infinity":
		return excerpt(value) + " is not a number: leave the signal out"
	case len(value) == 0:
		return "no value"
	case decimalComma(value):
		return excerpt(value) + " is not one number: the decimal point is a dot"
	}
	return excerpt(value) + " is not a value that JSON has"
}

// decimalComma tells whether value is digits, a comma and digits.
func decimalComma(value []byte) bool {
	whole, decimals, found := bytes.Cut(bytes.TrimLeft(value, "+-"), []byte(","))
	digits := func(b []byte) bool { return len(b) > 0 && len(bytes.Trim(b, "0123456789")) == 0 }
	return found && digits(whole) && digits(decimals)
}

// excerpt shows a short text, and of a longer one, which may hold a VIN, its size.
func excerpt(text []byte) string {
	if len(text) <= 16 {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("a text of %d bytes", len(text))
}
