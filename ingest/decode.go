package ingest

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"presage"
	"presage/ingest/internal/scan"
)

// DecodeTelemetry reads a native telemetry payload that arrived for vin at
// received: one sample {"ts","signals"} or a batch {"samples":[...]}, plain or
// gzip, at most MaxPayload both ways. The samples share nothing with the payload.
//
// A *RefusedError says that the message is dead as a whole. Otherwise every
// sample that can be stored is returned, and a Fault for each reason why
// something could not; a payload that is not JSON costs the readings and
// samples alone that cannot be read (see salvage). It depends on its arguments
// alone.
func DecodeTelemetry(vin presage.VIN, payload []byte, received time.Time) ([]presage.Sample, []Fault, error) {
	d := newDecoder(MaxPayload, Oldest())
	d.arena = &arena{}
	return d.telemetry(vin, payload, received)
}

// Decoder is DecodeTelemetry for many messages, with memory that is used
// again. It is for one goroutine.
type Decoder struct{ d *decoder }

// NewDecoder returns a Decoder that has seen nothing yet.
func NewDecoder() *Decoder {
	d := newDecoder(MaxPayload, Oldest())
	d.arena = newArena()
	return &Decoder{d}
}

// Telemetry is DecodeTelemetry, but the samples are good until Reset only; the
// texts and arrays in them may be kept.
func (d *Decoder) Telemetry(
	vin presage.VIN, payload []byte, received time.Time,
) ([]presage.Sample, []Fault, error) {
	return d.d.telemetry(vin, payload, received)
}

// Reset takes the memory of all samples back.
func (d *Decoder) Reset() { d.d.arena.reset() }

// maxAhead is how far a vehicle's clock may run before ours.
const maxAhead = 5 * time.Minute

// Oldest is the default of Config.Oldest: before the vehicles that Presage is
// for, and after the times that clocks which were never set count from (1970,
// 1980, 2000, 2010, the 2015-01-01 of many a chip's firmware, and what a GPS
// receiver shows that is 1,024 weeks behind).
func Oldest() time.Time { return time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC) }

// decoder holds the scratch memory of one goroutine.
type decoder struct {
	limit   int // bytes of a payload, as sent and after gunzip
	scan    scan.Scanner
	table   *table
	arena   *arena // where samples go
	topics  map[string]origin
	texts   map[string]string // short texts, each allocated once
	size    int               // bytes of the document, after gunzip
	vin     presage.VIN
	oldest  int64 // epoch ms
	newest  int64 // epoch ms
	latest  int64 // the newest time in the message, whatever it is; 0 for none
	samples []presage.Sample
	faults  []Fault
	raws    [][][]byte // of each fault, the samples concerned
	nested  bool       // inside "samples"
	unknown int        // readings under names that the table does not hold
	mended  bool       // the document was not JSON
	odd     bool       // a reading out of its typical range

	readings []presage.Reading     // of the present sample
	seen     [maxTable / 64]uint64 // which signals of the table it holds
	extra    map[string]int        // place of an unknown name in readings
	previous int                   // place in the table of the signal before, plus 1
	after    []*entry              // what came after it the last time: vehicles repeat themselves
}

// scratchReadings is above what a sample has.
const scratchReadings = 1 << 14

// maxTable is the largest number of signals that seen has bits for.
const maxTable = 1024

func newDecoder(limit int, oldest time.Time) *decoder {
	return &decoder{
		limit: limit, table: signalTable(), oldest: oldest.UnixMilli(), readings: make([]presage.Reading, 0, 32),
		topics: map[string]origin{}, texts: map[string]string{},
		after: make([]*entry, len(signalTable().byName)+1),
	}
}

func (d *decoder) telemetry(vin presage.VIN, payload []byte, received time.Time) ([]presage.Sample, []Fault, error) {
	d.unknown, d.mended, d.latest = 0, false, 0
	doc, err := plain(payload, d.limit)
	if err != nil {
		return nil, nil, err
	}
	d.vin, d.newest, d.size = vin, received.Add(maxAhead).UnixMilli(), len(doc)
	d.samples, d.faults, d.raws, d.odd = d.samples[:0], nil, nil, false
	d.scan = scan.Scanner{Buf: doc}
	if err := d.document(); err != nil {
		if _, ok := errors.AsType[*RefusedError](err); ok {
			return nil, nil, err
		}
		if err := d.salvage(doc, err); err != nil {
			return nil, nil, err
		}
	}
	d.closeFaults()
	if len(d.samples) == 0 && len(d.faults) == 0 {
		return nil, nil, refuse(ReasonEmpty, `no signal has a value: want {"ts":...,"signals":{...}}`)
	}
	out := d.arena.samples.clone(d.samples)
	clear(d.samples) // the scratch memory pins nothing
	return out, d.faults, nil
}

// fields is what one sample's object held.
type fields struct {
	ts         int64
	tsFault    string // "" when ts is good; "ts is missing" at first
	vinFault   string
	hasSignals bool
	badValue   string // the first one
	badValues  int
	reserved   int
	inPlace    bool   // "samples" were read where they stand
	batch      []byte // the raw "samples" of the document otherwise, nil if there are none
	hasTS      bool
	broken     bool // cut off, or without a bracket: the tolerant reader's
}

func (d *decoder) document() error {
	f, err := d.object()
	if err != nil {
		return err
	}
	if err := d.scan.End(); err != nil {
		return err
	}
	if f.vinFault != "" {
		return refuse(ReasonForeignVIN, f.vinFault)
	}
	if f.batch != nil && f.inPlace { // a repeated key: the last one wins
		d.samples, d.faults, d.raws = d.samples[:0], nil, nil
	}
	if f.hasSignals || f.hasTS || f.batch == nil && !f.inPlace {
		d.finish(f, nil)
	}
	if f.batch == nil {
		return nil
	}
	d.scan = scan.Scanner{Buf: f.batch}
	return d.batch()
}

// batch reads the samples of a document.
func (d *decoder) batch() error {
	if err := d.scan.Open('['); err != nil {
		return errors.New(`"samples": want an array`)
	}
	d.nested = true
	defer func() { d.nested = false }()
	for first := true; ; first = false {
		more, err := d.scan.Next(first, ']')
		if err != nil || !more {
			return err
		}
		d.scan.Peek()
		start := d.scan.Pos
		f, err := d.object()
		if err != nil {
			return err
		}
		d.finish(f, d.scan.Buf[start:d.scan.Pos])
	}
}

// object reads the object of a sample, or the whole document's, into d.readings.
func (d *decoder) object() (fields, error) {
	f := fields{tsFault: `"ts" is missing: want epoch milliseconds or RFC 3339`}
	d.reset()
	if err := d.scan.Open('{'); err != nil {
		return f, err
	}
	for first := true; ; first = false {
		more, err := d.scan.Next(first, '}')
		if err != nil || !more {
			return f, err
		}
		key, err := d.scan.Key()
		if err != nil {
			return f, err
		}
		if err := d.member(key, &f); err != nil {
			return f, err
		}
	}
}

func (d *decoder) reset() {
	if len(d.readings) > 0 {
		if len(d.readings) > scratchReadings { // a hostile sample's memory is not kept
			d.readings, d.extra = make([]presage.Reading, 0, 32), nil
		}
		d.readings = d.readings[:0]
		d.seen = [maxTable / 64]uint64{}
		clear(d.extra)
	}
	d.previous = 0
}

// member reads one member of a sample's object.
func (d *decoder) member(key []byte, f *fields) (err error) {
	switch string(key) {
	case "ts":
		f.hasTS = true
		f.ts, f.tsFault, err = d.timestamp()
	case "signals":
		f.hasSignals = true
		d.reset() // a repeated key: the last one wins
		f.badValue, f.badValues, f.reserved = "", 0, 0
		err = d.signals(f)
	case "vin":
		f.vinFault, err = d.payloadVIN()
	case "samples":
		if d.nested || f.hasSignals || f.hasTS || f.inPlace {
			f.batch, err = d.scan.Skip()
			break
		}
		f.inPlace = true
		err = d.batch()
		d.reset()
	default:
		_, err = d.scan.Skip()
	}
	return err
}

// payloadVIN compares the payload's own VIN with the topic's.
func (d *decoder) payloadVIN() (string, error) {
	if d.scan.Peek() != '"' {
		_, err := d.scan.Skip()
		return `"vin" is not a string`, err
	}
	text, err := d.scan.String()
	if err != nil {
		return "", err
	}
	if string(text) == string(d.vin) {
		return "", nil
	}
	if vin, err := presage.ParseVIN(string(text)); err == nil && vin == d.vin {
		return "", nil
	}
	return `"vin" differs from the topic's: a vehicle speaks for itself only`, nil
}

// finish turns the readings at hand into a sample, or notes why not. raw is
// the sample's own text, nil when it is the whole message.
func (d *decoder) finish(f fields, raw []byte) {
	switch {
	case f.vinFault != "":
		d.fault(ReasonForeignVIN, f.vinFault, 1, raw)
		return
	case f.tsFault != "":
		d.fault(ReasonMissingTime, f.tsFault, 1, raw)
		return
	}
	d.latest = max(d.latest, f.ts)
	if f.ts > d.newest {
		d.fault(ReasonFutureTime, "more than 5 minutes ahead of its arrival: set the vehicle's clock", 1, raw)
		return
	}
	if f.badValues > 0 {
		d.fault(ReasonBadValue, f.badValue, f.badValues, raw)
	}
	if f.reserved > 0 {
		d.fault(ReasonReservedSignal, `names that begin with "Presage." are written by Presage alone`, f.reserved, raw)
	}
	if len(d.readings) == 0 {
		return
	}
	d.samples = append(d.samples, presage.Sample{
		VIN: d.vin, Time: time.UnixMilli(f.ts).UTC(), Readings: d.arena.readings.clone(d.readings),
	})
}

// fault notes count cases of reason in the sample raw.
func (d *decoder) fault(reason, detail string, count int, raw []byte) {
	i := slices.IndexFunc(d.faults, func(f Fault) bool { return f.Reason == reason })
	if i < 0 {
		i = len(d.faults)
		d.faults = append(d.faults, Fault{Reason: reason, Detail: detail})
		d.raws = append(d.raws, nil)
	}
	d.faults[i].Count += count
	if raw != nil {
		d.raws[i] = append(d.raws[i], raw)
	}
}

// closeFaults gives each fault a document of the samples it concerns.
func (d *decoder) closeFaults() {
	for i := range d.faults {
		switch {
		case len(d.raws[i]) == 0:
			continue
		case d.faults[i].Reason == ReasonMalformed: // one piece is kept as it is, several as the whole message
			if len(d.raws[i]) == 1 {
				d.faults[i].Payload = bytes.Clone(d.raws[i][0])
			}
			continue
		}
		var doc bytes.Buffer
		doc.WriteString(`{"samples":[`)
		doc.Write(bytes.Join(d.raws[i], []byte(",")))
		doc.WriteString(`]}`)
		d.faults[i].Payload = doc.Bytes()
	}
}
