package ovms

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
)

// metric reads the metric name.
func (d *Decoder) metric(out *ingest.Decoded, name string, m ingest.Message) error {
	text := strings.TrimSpace(string(m.Payload))
	if undefined(text) || m.Retained {
		return nil // or of unknown age
	}
	if !utf8.ValidString(text) {
		return refuse(ingest.ReasonBadValue, "%.64q: not UTF-8", name)
	}
	if name == "v.vin" {
		return sameVehicle(out.VIN, text)
	}
	var readings []presage.Reading
	if rows, ok := d.wheel[name]; ok {
		readings = wheels(out, name, text, rows)
	} else {
		readings = d.reading(out, name, text)
	}
	if len(readings) > 0 {
		out.Untimed = true
		out.Samples = []presage.Sample{{
			VIN: out.VIN, Time: m.Arrival().UTC().Truncate(time.Millisecond), Readings: readings,
		}}
	}
	return nil
}

// undefined tells whether a metric has no value now: C prints a number that is
// none as nan.
func undefined(text string) bool {
	switch strings.ToLower(strings.TrimLeft(text, "+-")) {
	case "", "nan", "inf", "infinity":
		return true
	}
	return false
}

// sameVehicle holds the VIN that the module read from the car against the user's.
func sameVehicle(vin presage.VIN, text string) error {
	found, err := presage.ParseVIN(text)
	switch {
	case err != nil:
		return refuse(ingest.ReasonBadValue, `"v.vin": %v`, err)
	case found != vin:
		return refuse(ingest.ReasonForeignVIN,
			`"v.vin" is another VIN than the user: the module is in another car than its account says`)
	}
	return nil
}

// reading is what the metric is in VSS, or its value under our own prefix.
func (d *Decoder) reading(out *ingest.Decoded, name, text string) []presage.Reading {
	row, listed := d.table[name]
	if !listed {
		out.Unknown++
		return []presage.Reading{{Signal: Prefix + name, Value: fieldtable.Guess(text, true)}}
	}
	v, known, fault := row.Convert(presage.String(text))
	switch {
	case fault != "":
		out.Faults = append(out.Faults, badValue(name, fault))
		return nil
	case !known:
		out.Unknown++
		return []presage.Reading{{Signal: Prefix + name, Value: presage.String(text)}}
	case row.Signal == "":
		out.Unknown++
		return []presage.Reading{{Signal: Prefix + name, Value: v}}
	}
	return []presage.Reading{{Signal: row.Signal, Value: v}}
}

// wheels reads a list with one element a wheel. A car with another number of
// wheels has an order of its own, which nobody can tell: the list is kept as it is.
func wheels(out *ingest.Decoded, name, text string, rows []fieldtable.Row) []presage.Reading {
	list, fault := fieldtable.ParseList(text)
	if fault != "" {
		out.Faults = append(out.Faults, badValue(name, fault))
		return nil
	}
	if len(list) != len(rows) {
		out.Unknown++
		return []presage.Reading{{Signal: Prefix + name, Value: presage.Array(list)}}
	}
	readings := make([]presage.Reading, len(rows))
	for i, row := range rows {
		readings[i] = presage.Reading{Signal: row.Signal, Value: presage.Number(row.Factor*list[i] + row.Offset)}
	}
	return readings
}

func badValue(name, what string) ingest.Fault {
	return ingest.Fault{Reason: ingest.ReasonBadValue, Detail: fmt.Sprintf("%.64q: %s", name, what), Count: 1}
}
