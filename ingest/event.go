package ingest

import (
	"encoding/json"
	"fmt"
	"time"

	"presage"
	"presage/ingest/internal/scan"
)

// maxWordBytes bounds an event's type and code.
const maxWordBytes = 64

// DecodeEvent reads the payload {"ts","type","code",...} of an event that
// arrived for vin at received, plain or gzip, at most MaxPayload both ways. The
// event keeps the whole document as its Data. Every error is a *RefusedError:
// an event is taken in whole or not at all.
func DecodeEvent(vin presage.VIN, payload []byte, received time.Time) (presage.Event, error) {
	return newDecoder(MaxPayload, Oldest()).event(vin, payload, received)
}

func (d *decoder) event(vin presage.VIN, payload []byte, received time.Time) (presage.Event, error) {
	d.unknown, d.mended, d.latest = 0, false, 0
	doc, err := plain(payload, d.limit)
	if err != nil {
		return presage.Event{}, err
	}
	if !json.Valid(doc) {
		return presage.Event{}, refuse(ReasonMalformed, "not a JSON document")
	}
	d.vin, d.newest, d.size = vin, received.Add(maxAhead).UnixMilli(), len(doc)
	d.scan = scan.Scanner{Buf: doc}
	e := presage.Event{VIN: vin, Data: doc}
	f, err := d.eventFields(&e)
	switch {
	case err != nil:
		return presage.Event{}, refuse(ReasonMalformed, err.Error())
	case f.vinFault != "":
		return presage.Event{}, refuse(ReasonForeignVIN, f.vinFault)
	case f.tsFault != "":
		return presage.Event{}, refuse(ReasonMissingTime, f.tsFault)
	case f.ts > d.newest:
		d.latest = f.ts
		return presage.Event{}, refuse(ReasonFutureTime, "more than 5 minutes ahead of its arrival: set the vehicle's clock")
	case f.badValue != "":
		return presage.Event{}, refuse(ReasonBadValue, f.badValue)
	case e.Type == "":
		return presage.Event{}, refuse(ReasonBadValue, `"type" is missing: want "dtc", "alert", "trip_end" or the like`)
	}
	d.latest = f.ts
	e.Time = time.UnixMilli(f.ts).UTC()
	return e, nil
}

// eventFields reads the members that an event's identity is made of.
func (d *decoder) eventFields(e *presage.Event) (fields, error) {
	f := fields{tsFault: `"ts" is missing: want epoch milliseconds or RFC 3339`}
	err := d.members(func(key []byte) (err error) {
		switch string(key) {
		case "ts":
			f.ts, f.tsFault, err = d.timestamp()
		case "vin":
			f.vinFault, err = d.payloadVIN()
		case "type":
			e.Type, err = d.wordField("type", &f)
		case "code":
			e.Code, err = d.wordField("code", &f)
		default:
			_, err = d.scan.Skip()
		}
		return err
	})
	return f, err
}

// members reads an object and hands each key to each, which reads its value.
func (d *decoder) members(each func(key []byte) error) error {
	if err := d.scan.Open('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := d.scan.Next(first, '}')
		if err != nil || !more {
			return err
		}
		key, err := d.scan.Key()
		if err != nil {
			return err
		}
		if err := each(key); err != nil {
			return err
		}
	}
}

// wordField reads a short text; null is none.
func (d *decoder) wordField(name string, f *fields) (string, error) {
	if d.scan.Peek() != '"' {
		raw, err := d.scan.Skip()
		if string(raw) != "null" {
			f.badValue = fmt.Sprintf("%q: want a text", name)
		}
		return "", err
	}
	text, err := d.scan.String()
	if len(text) > maxWordBytes {
		f.badValue = fmt.Sprintf("%q: %d bytes, at most %d", name, len(text), maxWordBytes)
	}
	return string(text), err
}
