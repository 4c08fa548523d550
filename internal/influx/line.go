package influx

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"presage"
)

// line is what one encoded line holds, so that a refusal finds back.
type line struct {
	sample   *presage.Sample
	readings []presage.Reading
}

// batch is the text of one write request. It is used again for the next one,
// together with what it has learned about names.
//
// It writes what the line-protocol encoder would, but for numbers from a
// million on, which have no exponent here, and takes a fifth of its time: a
// name is checked and escaped once, by that encoder.
type batch struct {
	text  []byte
	lines []line
	names map[string]*field
	last  *field // the field before
	sent  sending
}

// field is a signal's name as the key of a field.
type field struct {
	name  string
	key   string // escaped, with the "="
	fault string // why it cannot be a field's key
	next  *field // what came after it the last time
}

// maxNames is how many names a batch remembers.
const maxNames = 8192

func newBatch() *batch { return &batch{names: map[string]*field{}, last: &field{}} }

// reset makes b ready for the next request.
func (b *batch) reset() {
	clear(b.lines)
	b.text, b.lines = b.text[:0], b.lines[:0]
	if b.sent.open.Load() > 0 { // a request was answered before it was read, and still may be
		b.text, b.sent.zipped = nil, bytes.Buffer{}
	}
}

// The nanoseconds since 1970 that InfluxDB can hold, in milliseconds.
const (
	minMillis = math.MinInt64 / 1_000_000
	maxMillis = math.MaxInt64 / 1_000_000
)

// add encodes a line with those of readings that can be encoded, or some lines
// of Presage's own, and hands the others to reject.
func (b *batch) add(sample *presage.Sample, readings []presage.Reading, reject func(presage.Reading, string)) {
	switch {
	case len(readings) == 0:
	case strings.HasPrefix(readings[0].Signal, presage.OwnPrefix): // a sample holds one or the other
		b.addOwn(sample, readings, reject)
	default:
		b.addLine(sample, readings, place{measurement: telemetry}, reject)
	}
}

// addLine encodes one line of p's measurement and component.
func (b *batch) addLine(
	sample *presage.Sample, readings []presage.Reading, p place, reject func(presage.Reading, string),
) {
	start, why := len(b.text), b.begin(sample.VIN, p)
	ms := sample.Time.UnixMilli()
	if ms < minMillis || ms > maxMillis {
		why = "a time that InfluxDB cannot hold"
	}
	fields := 0
	for i := range readings {
		separator := byte(',')
		if fields == 0 {
			separator = ' '
		}
		fault := b.field(separator, &readings[i])
		if fault == "" && why == "" {
			fields++
			continue
		}
		if fault == "" {
			fault = why
		}
		reject(readings[i], fault)
	}
	if fields == 0 {
		b.text = b.text[:start]
		return
	}
	b.text = append(b.text, ' ')
	b.text = strconv.AppendInt(b.text, ms, 10)
	b.text = append(b.text, '\n')
	b.lines = append(b.lines, line{sample: sample, readings: readings})
}

// begin writes measurement and tags; the text says why it cannot.
func (b *batch) begin(vin presage.VIN, p place) string {
	b.text = append(b.text, p.measurement...)
	if p.component != "" {
		b.text = append(b.text, ","+componentTag+"="...)
		if why := b.oddTag(p.component); why != "" {
			return why
		}
	}
	b.text = append(b.text, ","+vinTag+"="...)
	for i := range len(vin) {
		if c := vin[i]; c < '0' || c > '9' && c < 'A' || c > 'Z' {
			return b.oddTag(string(vin))
		}
	}
	b.text = append(b.text, vin...)
	return ""
}

// oddTag writes what may have to be escaped, such as a VIN that is none.
func (b *batch) oddTag(value string) string {
	var e lineprotocol.Encoder
	e.StartLine("m")
	e.AddTag("t", value)
	if err := e.Err(); err != nil {
		return err.Error()
	}
	b.text = append(b.text, e.Bytes()[len("m,t="):]...)
	return ""
}

// field writes one field after separator, or nothing and says why.
func (b *batch) field(separator byte, r *presage.Reading) string {
	f := b.last.next
	if f == nil || f.name != r.Signal {
		f = b.lookup(r.Signal)
		b.last.next = f
	}
	b.last = f
	if f.fault != "" {
		return f.fault
	}
	start := len(b.text)
	b.text = append(b.text, separator)
	b.text = append(b.text, f.key...)
	var why string
	if b.text, why = appendValue(b.text, &r.Value); why != "" {
		b.text = b.text[:start]
	}
	return why
}

// lookup finds a name, or checks and escapes it.
func (b *batch) lookup(name string) *field {
	f, ok := b.names[name]
	if !ok {
		if len(b.names) >= maxNames {
			clear(b.names)
		}
		f = newField(name)
		b.names[f.name] = f
	}
	return f
}

func newField(name string) *field {
	f := &field{name: name, fault: nameFault(name)}
	if f.fault != "" {
		return f
	}
	var e lineprotocol.Encoder
	e.StartLine("m")
	e.AddField(placeOf(name).field, lineprotocol.BoolValue(true))
	if err := e.Err(); err != nil {
		f.fault = err.Error()
		return f
	}
	f.key = strings.TrimSuffix(strings.TrimPrefix(string(e.Bytes()), "m "), "true")
	return f
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
