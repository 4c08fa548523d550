package influx

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"presage"
)

// maxLine is the longest line that a file may hold: a sample of some thousand readings.
const maxLine = 4 << 20

// WriteLines writes samples to w as line protocol with times in milliseconds,
// as the store itself sends them: `influx write --precision ms` and ReadLines
// take the file. left counts readings that line protocol cannot hold (see the
// package comment); they are not written. The error is that of samples or of w.
func WriteLines(w io.Writer, samples iter.Seq2[presage.Sample, error]) (rows, left int64, err error) {
	b := newBatch()
	for sample, err := range samples {
		if err != nil {
			return rows, left, err
		}
		b.reset()
		b.add(&sample, sample.Readings, func(presage.Reading, string) { left++ })
		if len(b.lines) == 0 {
			continue
		}
		if _, err := w.Write(b.text); err != nil {
			return rows, left, fmt.Errorf("write line protocol: %w", err)
		}
		rows++
	}
	return rows, left, nil
}

// ReadLines reads line protocol as WriteLines writes it, one sample a line.
// Times are in milliseconds; a line without one, of another measurement, or
// without a valid VIN as its tag "vin" is an ErrInvalid that names the line,
// and reading goes on after it. Empty lines and comments are skipped. Samples
// own their memory.
func ReadLines(r io.Reader) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 0, 64<<10), maxLine)
		number := 0
		for lines.Scan() {
			number++
			text := bytes.TrimSpace(lines.Bytes())
			if len(text) == 0 || text[0] == '#' {
				continue
			}
			sample, err := readLine(text)
			if err != nil {
				err = fmt.Errorf("line %d: %w: %w", number, presage.ErrInvalid, err)
			}
			if !yield(sample, err) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(presage.Sample{}, fmt.Errorf("line %d: %w", number+1, err))
		}
	}
}

func readLine(text []byte) (presage.Sample, error) {
	d := lineprotocol.NewDecoderWithBytes(text)
	if !d.Next() {
		return presage.Sample{}, errors.New("no line protocol")
	}
	name, err := d.Measurement()
	switch {
	case err != nil:
		return presage.Sample{}, cause(err)
	case string(name) != telemetry && string(name) != prognosis && string(name) != rollup:
		return presage.Sample{}, fmt.Errorf("measurement %.40q: want %s, %s or %s", name, telemetry, prognosis, rollup)
	}
	var s presage.Sample
	p := place{measurement: string(name)}
	if s.VIN, p.component, err = readTags(d, p.measurement != telemetry); err != nil {
		return presage.Sample{}, err
	}
	if s.Readings, err = readFields(d, p); err != nil {
		return presage.Sample{}, err
	}
	at, err := d.TimeBytes()
	if err != nil {
		return presage.Sample{}, cause(err)
	}
	if len(at) == 0 {
		return presage.Sample{}, errors.New("no time: want epoch milliseconds at the end of the line")
	}
	if s.Time, err = millis(at); err != nil {
		return presage.Sample{}, err
	}
	return s, nil
}

// readTags takes the tags; others than the VIN and, of own lines, the component
// would be lost, so they are a fault.
func readTags(d *lineprotocol.Decoder, own bool) (vin presage.VIN, component string, err error) {
	for {
		key, value, err := d.NextTag()
		switch {
		case err != nil:
			return "", "", cause(err)
		case key == nil && vin == "":
			return "", "", fmt.Errorf("no tag %q", vinTag)
		case key == nil:
			return vin, component, nil
		case own && string(key) == componentTag:
			component = string(value)
		case string(key) != vinTag:
			return "", "", fmt.Errorf("tag %.40q: the only tag is %q", key, vinTag)
		default:
			if vin, err = presage.ParseVIN(string(value)); err != nil {
				return "", "", err
			}
		}
	}
}

// readFields reads the fields of a line in p.
func readFields(d *lineprotocol.Decoder, p place) ([]presage.Reading, error) {
	var readings []presage.Reading
	for {
		key, value, err := d.NextField()
		if err != nil {
			return nil, cause(err)
		}
		if key == nil {
			return readings, nil
		}
		v, err := parseValue(value.Interface())
		if err != nil {
			return nil, fmt.Errorf("field %.64q: %w", key, err)
		}
		p.field = string(key)
		readings = append(readings, presage.Reading{Signal: p.signal(), Value: v})
	}
}

// millis reads an epoch in milliseconds. Other precisions cannot be told apart
// by their digits alone, but a year after 2200 is none of a vehicle's.
func millis(text []byte) (time.Time, error) {
	var ms int64
	if _, err := fmt.Sscanf(string(text), "%d", &ms); err != nil {
		return time.Time{}, fmt.Errorf("time %.24q: want epoch milliseconds", text)
	}
	const year2200 = 7_258_118_400_000
	if ms > year2200 || ms < -year2200 {
		return time.Time{}, fmt.Errorf("time %.24q: want epoch milliseconds, the precision \"ms\"", text)
	}
	return time.UnixMilli(ms).UTC(), nil
}

// cause takes the line number off, which is always 1 here.
func cause(err error) error {
	if e, ok := errors.AsType[*lineprotocol.DecodeError](err); ok {
		return fmt.Errorf("column %d: %w", e.Column, e.Err)
	}
	return err
}
