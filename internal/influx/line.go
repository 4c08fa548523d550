package influx

import (
	"slices"
	"strings"
	"time"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"presage"
)

// line is one encoded line and what it holds, so that a refusal finds back.
type line struct {
	sample   *presage.Sample
	readings []presage.Reading
	end      int // of the line in the batch's text
}

// batch is the text of one write request.
type batch struct {
	encoder lineprotocol.Encoder
	lines   []line
}

func newBatch() *batch {
	b := &batch{}
	b.encoder.SetPrecision(lineprotocol.Millisecond)
	return b
}

func (b *batch) size() int { return len(b.encoder.Bytes()) }

// text is lines[from:to] as they go over the wire.
func (b *batch) text(from, to int) string {
	start := 0
	if from > 0 {
		start = b.lines[from-1].end
	}
	return string(b.encoder.Bytes()[start:b.lines[to-1].end])
}

// add encodes one line with those of readings that can be encoded, and hands
// the others to reject.
func (b *batch) add(sample *presage.Sample, readings []presage.Reading, reject func(presage.Reading, string)) {
	if len(readings) == 0 {
		return
	}
	fields := 0
	b.encoder.StartLine(measurementOf(readings))
	b.encoder.AddTag(vinTag, string(sample.VIN))
	for _, r := range readings {
		value, why := fieldValue(r.Value)
		if why == "" {
			why = nameFault(r.Signal)
		}
		if why != "" {
			reject(r, why)
			continue
		}
		b.encoder.AddField(r.Signal, value)
		fields++
	}
	// An epoch in whole milliseconds: the encoder would round times before 1970 up.
	b.encoder.EndLine(time.UnixMilli(sample.Time.UnixMilli()))
	if err := b.encoder.Err(); err != nil {
		b.encoder.ClearErr()
		if fields > 0 {
			b.rejectLine(readings, err, reject)
		}
		return
	}
	b.lines = append(b.lines, line{sample: sample, readings: readings, end: b.size()})
}

// measurementOf tells Presage's own series from telemetry. A sample holds one or the other.
func measurementOf(readings []presage.Reading) string {
	if strings.HasPrefix(readings[0].Signal, presage.OwnPrefix) {
		return prognosis
	}
	return telemetry
}

// rejectLine hands over what the encoder refused as a whole and was not handed over before.
func (b *batch) rejectLine(readings []presage.Reading, err error, reject func(presage.Reading, string)) {
	for _, r := range readings {
		if _, why := fieldValue(r.Value); why == "" && nameFault(r.Signal) == "" {
			reject(r, err.Error())
		}
	}
}

// nameFault says why a signal cannot be a field's name.
func nameFault(name string) string {
	switch {
	case name == "":
		return "a signal without a name"
	case name == "time":
		return `InfluxDB keeps the field name "time" for itself`
	case name[len(name)-1] == '\\':
		return "a signal name that ends in a backslash"
	case len(name) > 512:
		return "a signal name of more than 512 bytes"
	case slices.ContainsFunc([]rune(name), func(r rune) bool { return control(r) || r == '\uFFFD' }):
		return "a signal name with control characters or not in UTF-8"
	}
	return ""
}
