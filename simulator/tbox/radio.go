package tbox

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"slices"
	"strings"

	"presage"
)

// Message is what leaves a box, with the instant at which it reaches the broker.
type Message struct {
	At      int64 // ms since 1970
	Car     int
	Seq     uint64 // within the car
	VIN     presage.VIN
	Topic   string
	Payload []byte
	Tally   Counts // what the delivery of this message adds
}

// Before orders messages by arrival, then by car, then by sequence.
func (m Message) Before(o Message) bool {
	if m.At != o.At {
		return m.At < o.At
	}
	if m.Car != o.Car {
		return m.Car < o.Car
	}
	return m.Seq < o.Seq
}

// Radio is the air between all boxes and the broker. It is not safe for use
// by several goroutines.
type Radio struct {
	faults Faults
	out    func(Message)
	buf    bytes.Buffer
	zip    *gzip.Writer
}

// NewRadio makes a radio that hands every message to out at the moment it is
// published, which is before it arrives.
func NewRadio(m Faults, out func(Message)) (*Radio, error) {
	zip, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("simulator radio: %w", err)
	}
	return &Radio{faults: m, out: out, zip: zip}, nil
}

// compress returns payload in gzip.
func (r *Radio) compress(payload []byte) []byte {
	r.buf.Reset()
	r.zip.Reset(&r.buf)
	// Writes to a bytes.Buffer do not fail.
	_, _ = r.zip.Write(payload)
	_ = r.zip.Close()
	return bytes.Clone(r.buf.Bytes())
}

const (
	second = 1000
	minute = 60 * second
	hour   = 60 * minute
)

// flight is one message on its way out of a box.
type flight struct {
	delay   int64 // ms on top of the ordinary way; 0 keeps the order
	newest  int64 // ms, event time of its newest content
	event   bool
	payload []byte
	tally   Counts
}

// publish sends a telemetry payload at an instant in ms, with all that may happen to it.
func (b *Box) publish(payload []byte, ms int64) {
	m := &b.radio.faults
	f := flight{newest: b.newest, payload: payload, tally: b.tally}
	f.tally.Messages = 1
	if b.r.Float64() < m.Reorder {
		f.delay = 20*minute + b.r.Int64N(70*minute)
		f.tally.Reordered = 1
	}
	if b.r.Float64() < m.Malformed {
		half := len(payload) / 2
		cut := bytes.Clone(payload[:half+b.r.IntN(half)])
		b.send(ms, flight{delay: f.delay, newest: f.newest, payload: cut, tally: Counts{Messages: 1, Malformed: 1}})
	}
	if b.r.Float64() < m.Gzip {
		f.payload = b.radio.compress(payload)
		f.tally.Gzipped = 1
	}
	b.send(ms, f)
	if b.r.Float64() < m.Repeat {
		f.delay += second + b.r.Int64N(2*hour)
		f.payload = bytes.Clone(f.payload)
		f.tally = Counts{Messages: 1, Repeats: 1, BadValues: f.tally.BadValues}
		b.send(ms, f)
	}
	if b.r.Float64() < m.Future && !b.offline(ms) {
		b.send(ms, b.ahead(ms))
	}
}

// ahead is a sample of a clock that runs 3-48 hours before the others.
func (b *Box) ahead(ms int64) flight {
	payload := append([]byte(nil), `{"ts":`...)
	payload = appendTime(payload, ms+3*hour+b.r.Int64N(45*hour), b.style.TextTime)
	payload = append(payload, `,"signals":{"`+presage.SignalSpeed+`":0}}`...)
	return flight{newest: ms, payload: payload, tally: Counts{Messages: 1, Future: 1, Singles: 1}}
}

// Event publishes an event at an instant in ms. Code is empty for most types;
// data is a JSON object or empty. Kind and code must not need escaping.
func (b *Box) Event(ms int64, kind, code, data string) {
	if data != "" {
		data = `,"data":` + data
	}
	b.event(ms, kind, code, data)
}

// Say publishes an event with more members of its own, none of which may need escaping.
func (b *Box) Say(ms int64, kind, code string, more map[string]string) {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(more)) {
		text.WriteString(`,"` + name + `":"` + more[name] + `"`)
	}
	b.event(ms, kind, code, text.String())
}

func (b *Box) event(ms int64, kind, code, more string) {
	payload := append([]byte(nil), `{"ts":`...)
	payload = appendTime(payload, ms, b.style.TextTime)
	payload = append(payload, `,"type":"`+kind+`"`...)
	if code != "" {
		payload = append(payload, `,"code":"`+code+`"`...)
	}
	payload = append(payload, more...)
	b.send(ms, flight{newest: ms, event: true, payload: append(payload, '}'), tally: Counts{Events: 1}})
}

// offline tells whether nothing sent at an instant in ms gets through at once.
func (b *Box) offline(ms int64) bool {
	return b.holding || (ms >= b.offFrom && ms < b.offUntil)
}

// send lets a message go on its way, or keeps it until the car is in reach again.
func (b *Box) send(ms int64, f flight) {
	switch {
	case b.holding:
		b.held = append(b.held, f)
	case b.offline(ms):
		b.backlog++
		b.fly(b.place(b.offUntil, b.backlog), f)
	default:
		at := ms + second + b.r.Int64N(8*second)
		if f.delay == 0 {
			at = max(at, b.lastAt+1) // a connection keeps the order
		}
		b.fly(at, f)
	}
}

// place spreads a backlog of which the i-th message is sent from an instant on.
func (b *Box) place(from int64, i int) int64 {
	if b.style.LastFirst {
		i = max(0, 2000-i)
	}
	return from + 5*second + int64(i)*120
}

// fly hands a message to the radio; it arrives at an instant in ms or later.
func (b *Box) fly(at int64, f flight) {
	b.seq++
	at += f.delay
	if f.delay == 0 {
		b.lastAt = max(b.lastAt, at)
	}
	m := Message{
		At: at, Car: b.car, Seq: b.seq, VIN: b.vin, Topic: b.telemetryTopic, Payload: f.payload, Tally: f.tally,
	}
	if f.event {
		m.Topic = b.eventTopic
	} else if m.At-f.newest > hour && m.Tally.Repeats+m.Tally.Malformed == 0 {
		m.Tally.Late = 1
	}
	b.radio.out(m)
}

// Offline plans a loss of coverage between two instants in ms. What is sent
// meanwhile arrives at its end. It joins a loss that has not ended by from.
func (b *Box) Offline(from, until int64) {
	if from < b.offUntil {
		b.offUntil = max(b.offUntil, until)
		return
	}
	b.offFrom, b.offUntil, b.backlog = from, until, 0
}

// Hold keeps everything from now on: the car stands where there is no coverage.
func (b *Box) Hold() { b.holding = true }

// Release sends at an instant in ms what was kept since Hold.
func (b *Box) Release(ms int64) {
	b.holding = false
	for i, f := range b.held {
		if b.offline(ms) {
			b.send(ms, f)
			continue
		}
		b.fly(b.place(ms, i), f)
	}
	b.held = b.held[:0]
}
