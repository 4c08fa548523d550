package mapped

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
)

// Decode implements ingest.Format.
func (m *Mapping) Decode(msg ingest.Message) (ingest.Decoded, error) {
	who, field, ok := m.place(msg.Topic)
	if !ok {
		return ingest.Decoded{}, refuse(ingest.ReasonBadTopic, "not a topic of the mapping %s", m.name)
	}
	vin, err := m.vehicle(who)
	if err != nil {
		return ingest.Decoded{}, err
	}
	out := ingest.Decoded{VIN: vin}
	if msg.Retained && (m.when.at == nil || m.when.age) {
		return out, nil // of unknown age
	}
	doc, err := document(msg.Payload, field)
	if err != nil {
		return out, refuse(ingest.ReasonMalformed, "%v", err)
	}
	for _, p := range m.skip {
		if _, there := p.in(doc); there {
			out.Dropped++
			return out, nil
		}
	}
	for _, element := range m.elements(doc) {
		m.sample(&out, doc, element, msg)
	}
	return out, nil
}

// document is the payload as JSON. Where the topic names the value, the payload
// is that value: JSON or any text.
func document(payload []byte, field string) (any, error) {
	text := bytes.TrimSpace(bytes.TrimPrefix(payload, []byte("\xef\xbb\xbf")))
	doc, err := decode(text)
	if field == "" {
		return doc, err
	}
	if _, object := doc.(map[string]any); object && err == nil {
		return doc, nil
	}
	if err != nil {
		doc = string(text)
	}
	return map[string]any{field: doc}, nil
}

func decode(text []byte) (doc any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not JSON: more than one value")
	}
	return doc, nil
}

// elements are the samples in doc.
func (m *Mapping) elements(doc any) []any {
	found := doc
	if m.samples != nil {
		var ok bool
		if found, ok = m.samples.in(doc); !ok {
			return nil
		}
	}
	if list, ok := found.([]any); ok {
		return list
	}
	return []any{found}
}

func (m *Mapping) sample(out *ingest.Decoded, doc, element any, msg ingest.Message) {
	if _, object := element.(map[string]any); !object {
		fault(out, ingest.ReasonMalformed, "a sample is not an object: want {...}, or an array of them")
		return
	}
	var readings []presage.Reading
	for i := range m.targets {
		readings = m.targets[i].read(out, readings, element)
	}
	if m.prefix != "" {
		k := keeper{m: m, out: out, readings: readings}
		k.keep("", element, 0)
		readings = k.readings
	}
	if len(readings) == 0 {
		return
	}
	at, own, wrong := m.when.of(element, doc, msg.Arrival())
	if wrong != "" {
		fault(out, ingest.ReasonMissingTime, wrong)
		return
	}
	out.Untimed = !own && (out.Untimed || len(out.Samples) == 0)
	out.Samples = append(out.Samples, presage.Sample{
		VIN: out.VIN, Time: at.UTC().Truncate(time.Millisecond), Readings: readings,
	})
}

// fault counts a fault; the first of a reason is told.
func fault(out *ingest.Decoded, reason, detail string) {
	for i := range out.Faults {
		if out.Faults[i].Reason == reason {
			out.Faults[i].Count++
			return
		}
	}
	out.Faults = append(out.Faults, ingest.Fault{Reason: reason, Detail: detail, Count: 1})
}

// read adds the reading of t, or the fault of what stands there.
func (t *target) read(out *ingest.Decoded, to []presage.Reading, element any) []presage.Reading {
	raw, ok := t.from.in(element)
	if !ok {
		return to
	}
	v, present, wrong := value(raw)
	if wrong == "" {
		if !present || t.invalid[fieldtable.Text(v)] {
			return to
		}
		var known bool
		if v, known, wrong = t.row.Convert(v); wrong == "" && !known {
			wrong = "a word that the mapping does not list"
		}
	}
	if wrong != "" {
		fault(out, ingest.ReasonBadValue, fmt.Sprintf("%.64q: %s", t.text, wrong))
		return to
	}
	for i := range to {
		if to[i].Signal == t.row.Signal {
			to[i].Value = v
			return to
		}
	}
	return append(to, presage.Reading{Signal: t.row.Signal, Value: v})
}

// value is what encoding/json decoded; null is not present.
func value(raw any) (v presage.Value, present bool, fault string) {
	switch x := raw.(type) {
	case nil:
		return v, false, ""
	case bool:
		return presage.Bool(x), true, ""
	case string:
		return presage.String(x), true, ""
	case json.Number:
		f, err := x.Float64()
		if err != nil {
			return v, true, "not a finite number"
		}
		return presage.Number(f), true, ""
	case []any:
		list := make([]float64, len(x))
		for i, element := range x {
			var ok bool
			if list[i], ok = number(element); !ok {
				return v, true, fmt.Sprintf("element %d is not a finite number", i)
			}
		}
		return presage.Array(list), true, ""
	}
	return v, true, "an object is not a value"
}
