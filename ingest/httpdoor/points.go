package httpdoor

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"presage"
	"presage/ingest"
)

// precisions are those of timestamps, by the name in the query.
func precisions() map[string]lineprotocol.Precision {
	return map[string]lineprotocol.Precision{
		"": lineprotocol.Nanosecond, "ns": lineprotocol.Nanosecond, "us": lineprotocol.Microsecond,
		"ms": lineprotocol.Millisecond, "s": lineprotocol.Second,
	}
}

// measurement is the only one taken: Presage's own name for telemetry.
const measurement = "telemetry"

// points reads a body of InfluxDB line protocol. A point without a timestamp
// gets the time of its arrival.
func (l *load) points() parts {
	var g gathering
	var p parts
	d := lineprotocol.NewDecoderWithBytes(l.body)
	for n := 1; d.Next(); n++ {
		at, err := l.point(d)
		if err != nil {
			p.refusals.add(n, ingest.ReasonMalformed, err.Error())
			continue
		}
		vin, reason, detail := l.vehicle(at.vin)
		if reason != "" {
			p.refusals.add(n, reason, detail)
			continue
		}
		g.add(vin, at.sample())
	}
	p.list = g.parts()
	return p.orRefused()
}

// point is a point as it stands in the text.
type point struct {
	vin     string
	ms      int64
	signals []byte // the members of the object
}

func (p point) sample() []byte {
	out := append(strconv.AppendInt([]byte(`{"ts":`), p.ms, 10), `,"signals":{`...)
	return append(append(out, p.signals...), "}}"...)
}

func (l *load) point(d *lineprotocol.Decoder) (p point, err error) {
	name, err := d.Measurement()
	if err != nil {
		return p, plainly(err)
	}
	if string(name) != measurement {
		return p, fmt.Errorf("%w measurement %.40q: want %s", presage.ErrInvalid, name, measurement)
	}
	for {
		key, value, err := d.NextTag()
		if err != nil {
			return p, plainly(err)
		}
		if key == nil {
			break
		}
		if string(key) == "vin" {
			p.vin = string(value)
		}
	}
	for {
		key, value, err := d.NextField()
		if err != nil {
			return p, plainly(err)
		}
		if key == nil {
			break
		}
		if len(p.signals) > 0 {
			p.signals = append(p.signals, ',')
		}
		p.signals = appendQuoted(p.signals, string(key))
		p.signals = append(p.signals, ':')
		p.signals = appendField(p.signals, value)
	}
	at, err := d.Time(l.precision, l.arrival)
	if err != nil {
		return p, plainly(err)
	}
	p.ms = at.UnixMilli()
	return p, nil
}

// plainly is what the decoder says without quoting the text, which may hold a VIN.
func plainly(err error) error {
	if at, ok := errors.AsType[*lineprotocol.DecodeError](err); ok {
		return fmt.Errorf("%w line protocol: line %d, column %d", presage.ErrInvalid, at.Line, at.Column)
	}
	return fmt.Errorf("%w line protocol", presage.ErrInvalid)
}

// appendField writes a field as JSON. An array stands in a string, as Presage's
// own writer has it.
func appendField(b []byte, v lineprotocol.Value) []byte {
	switch v.Kind() {
	case lineprotocol.String:
		text := v.StringV()
		if strings.HasPrefix(text, "[") && json.Valid([]byte(text)) {
			return append(b, text...)
		}
		return appendQuoted(b, text)
	case lineprotocol.Float:
		return strconv.AppendFloat(b, v.FloatV(), 'g', -1, 64)
	case lineprotocol.Int:
		return strconv.AppendInt(b, v.IntV(), 10)
	case lineprotocol.Uint:
		return strconv.AppendUint(b, v.UintV(), 10)
	case lineprotocol.Bool:
		return strconv.AppendBool(b, v.BoolV())
	case lineprotocol.Unknown:
	}
	return append(b, "null"...)
}

func appendQuoted(b []byte, text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		return append(b, `""`...) // a string always marshals
	}
	return append(b, quoted...)
}
