package tesla

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
)

// field reads <base>/<VIN>/v/<name>.
func (d *Decoder) field(out *ingest.Decoded, name string, m ingest.Message) error {
	if m.Retained {
		return nil // of unknown age
	}
	doc := bytes.TrimSpace(m.Payload)
	if len(doc) == 0 {
		return refuse(ingest.ReasonEmpty, "%.64q: the payload is empty: want a JSON value", name)
	}
	readings, err := d.value(out, name, doc)
	if err != nil {
		return refuse(ingest.ReasonMalformed, "%.64q: %v", name, err)
	}
	if len(readings) > 0 {
		out.Untimed = true
		out.Samples = []presage.Sample{{
			VIN: out.VIN, Time: m.Arrival().UTC().Truncate(time.Millisecond), Readings: readings,
		}}
	}
	return nil
}

// value reads a field's value, in whichever form its firmware and dispatcher send it.
func (d *Decoder) value(out *ingest.Decoded, name string, doc []byte) ([]presage.Reading, error) {
	row, listed := d.table[name]
	doc = bare(doc, listed && row.Kind == presage.KindString)
	if doc[0] == '{' {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(doc, &members); err != nil {
			return nil, err
		}
		return d.members(out, name, members), nil
	}
	v, present, err := scalar(doc)
	if err != nil || !present {
		return nil, err
	}
	flags := d.flags[name]
	if v.Kind == presage.KindString && (len(flags) > 0 || isPlace(name)) {
		return d.spelled(out, name, v.Text), nil
	}
	if v.Kind == presage.KindString && row.Kind != presage.KindString && absent(v.Text) {
		return nil, nil
	}
	return d.reading(out, nil, name, v), nil
}

// spelled reads the text of a field that newer firmware sends as an object.
func (d *Decoder) spelled(out *ingest.Decoded, name, text string) []presage.Reading {
	if flags := d.flags[name]; len(flags) > 0 {
		if members, ok := flagged(text, flags); ok {
			return d.members(out, name, members)
		}
		out.Faults = append(out.Faults, badValue(name, "want names such as "+flags[0]))
		return nil
	}
	if absent(text) {
		return nil
	}
	members, err := places(text)
	if err != nil {
		out.Faults = append(out.Faults, badValue(name, err.Error()))
		return nil
	}
	return d.members(out, name, members)
}

// members reads an object as one value a member, in the order of their names.
func (d *Decoder) members(out *ingest.Decoded, name string, members map[string]json.RawMessage) []presage.Reading {
	if clock, ok := clockTime(members); ok {
		return d.reading(out, nil, name, presage.String(clock))
	}
	if flags := d.flags[name]; len(flags) > 0 {
		named := make(map[string]json.RawMessage, len(members))
		for _, member := range slices.Sorted(maps.Keys(members)) {
			own, _ := canonical(member, flags)
			named[own] = members[member]
		}
		for _, flag := range flags {
			if _, ok := named[flag]; !ok {
				named[flag] = json.RawMessage("false")
			}
		}
		members = named
	}
	var readings []presage.Reading
	for _, member := range slices.Sorted(maps.Keys(members)) {
		full := name + "." + member
		v, present, err := scalar(bare(members[member], false))
		if err != nil {
			out.Faults = append(out.Faults, badValue(full, "want a number, a text, true or false"))
			continue
		}
		if present && (v.Kind != presage.KindString || !absent(v.Text)) {
			readings = d.reading(out, readings, full, v)
		}
	}
	return readings
}

// reading adds what the field is in VSS, or its value under our own prefix.
func (d *Decoder) reading(out *ingest.Decoded, to []presage.Reading, name string, v presage.Value) []presage.Reading {
	row, listed := d.table[name]
	if !listed {
		if v.Kind == presage.KindString {
			v = fieldtable.Guess(v.Text, false) // "12.3" and 12.3 are one kind
		}
		out.Unknown++
		return append(to, presage.Reading{Signal: Prefix + name, Value: v})
	}
	got, known, fault := row.Convert(v)
	switch {
	case fault != "":
		out.Faults = append(out.Faults, badValue(name, fault))
		return to
	case !known: // a word that a newer firmware has
		out.Unknown++
		return append(to, presage.Reading{Signal: Prefix + name, Value: v})
	case row.Signal == "":
		out.Unknown++
		return append(to, presage.Reading{Signal: Prefix + name, Value: got})
	}
	return append(to, presage.Reading{Signal: row.Signal, Value: got})
}

func badValue(name, what string) ingest.Fault {
	return ingest.Fault{Reason: ingest.ReasonBadValue, Detail: fmt.Sprintf("%.64q: %s", name, what), Count: 1}
}

// scalar reads a JSON value that is neither object nor array; present is false
// for what stands for "not measurable now".
func scalar(doc []byte) (v presage.Value, present bool, err error) {
	switch doc[0] {
	case '"':
		var text string
		if err := json.Unmarshal(doc, &text); err != nil {
			return v, false, err
		}
		return presage.String(text), text != "" && text != "<invalid>", nil
	case '{', '[':
		return v, false, fmt.Errorf("%w: want a number, a text, true or false", presage.ErrInvalid)
	}
	switch string(doc) {
	case "null":
		return v, false, nil
	case "true", "false":
		return presage.Bool(doc[0] == 't'), true, nil
	}
	x, ok := fieldtable.ParseNumber(string(doc))
	if !ok {
		return v, false, fmt.Errorf("%w: want a JSON value, a finite number for one", presage.ErrInvalid)
	}
	return presage.Number(x), true, nil
}
