package ingest

import (
	"fmt"
	"log/slog"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"presage"
)

// Format reads the messages of another protocol than the native one. It is
// used by one goroutine at a time and keeps nothing between messages that a
// restart would miss. One that remembers what it has told of a vehicle has a
// method Forget(presage.VIN), which is called when what it decoded was turned
// away by the rate limit.
type Format interface {
	// Name is its label in metrics: a short constant word.
	Name() string
	// Matches tells whether the topic is the format's.
	Matches(topic string) bool
	// Decode reads one message. A *RefusedError says that it is dead as a
	// whole. Nothing decoded and no error means that there is nothing to keep.
	Decode(m Message) (Decoded, error)
}

// Decoded is what a message of a Format holds. The pipeline checks what all
// formats share (time, kinds, finite numbers, reserved names) itself; the VIN
// must be the one that the sender has proven to be, or the message is refused
// with ReasonForeignVIN.
type Decoded struct {
	VIN     presage.VIN
	Samples []presage.Sample
	// Untimed says that the samples carry no time: the pipeline gives them that
	// of the message's arrival, so that those of one signal do not share one.
	Untimed bool
	Events  []presage.Event
	Faults  []Fault
	Unknown int // readings under names that the signal table does not hold
	Dropped int // what was understood and means nothing here, such as a module's event about itself
}

// forgetful is a Format that may remember too much.
type forgetful interface{ Forget(vin presage.VIN) }

// What a decoded reading, array element and event take beside their texts.
const (
	readingBytes = 16
	elementBytes = 8
	eventBytes   = 64
)

// size is about how many bytes d would have as a native document, by which
// batches are measured: a foreign message may unfold to far more than it has.
func (d Decoded) size() int {
	n := 0
	for i := range d.Samples {
		for j := range d.Samples[i].Readings {
			r := &d.Samples[i].Readings[j]
			n += readingBytes + len(r.Signal) + len(r.Value.Text) + elementBytes*len(r.Value.Array)
		}
	}
	for i := range d.Events {
		e := &d.Events[i]
		n += eventBytes + len(e.Type) + len(e.Code) + len(e.Data)
	}
	return n
}

// formatOf finds the foreign format of a topic; nil is the native one.
func (p *Pipeline) formatOf(topic string) Format {
	if len(p.deps.Formats) == 0 || strings.HasPrefix(topic, TopicPrefix) {
		return nil
	}
	for _, f := range p.deps.Formats {
		if f.Matches(topic) {
			return f
		}
	}
	return nil
}

// decodeForeign reads a message of f into it, judged when the clock shows at,
// and tells the size of what it holds and its newest time. A Format that panics
// costs that message alone: else the broker would send it again to each new
// process.
func (p *Pipeline) decodeForeign(f Format, it *item, at time.Time) (size int, latest int64, err error) {
	defer func() {
		if value := recover(); value != nil {
			size, err = 0, p.panicked(f, value)
		}
	}()
	var got Decoded
	if it.decoded != nil {
		got = *it.decoded
	} else {
		if got, err = f.Decode(it.msg); err == nil {
			p.metrics.unknown.Add(float64(got.Unknown))
			p.metrics.dropped.Add(float64(got.Dropped))
		}
	}
	it.vin, it.faults = got.VIN, slices.Clip(got.Faults)
	if err != nil {
		return 0, 0, err
	}
	latest = p.judgeForeign(it, got, at.Add(maxAhead))
	if it.future() {
		it.decoded = &got // a Format that remembers what it told must not be asked twice
	}
	return got.size(), latest, nil
}

// judgeForeign takes what may be stored of got into it, and notes why not of the rest.
func (p *Pipeline) judgeForeign(it *item, got Decoded, newest time.Time) (latest int64) {
	for _, s := range got.Samples {
		if !got.Untimed { // an arrival says nothing of the vehicle's clock
			latest = max(latest, s.Time.UnixMilli())
		}
		if fault := timeFault(s.Time, p.cfg.Oldest, newest); fault != nil {
			it.faults = append(it.faults, *fault)
			continue
		}
		if s.Readings = it.sound(s.Readings); len(s.Readings) > 0 {
			it.samples = append(it.samples, s)
		}
	}
	if got.Untimed {
		p.arrivalTimes(it)
	}
	for _, e := range got.Events {
		latest = max(latest, e.Time.UnixMilli())
		if fault := timeFault(e.Time, p.cfg.Oldest, newest); fault != nil {
			it.faults = append(it.faults, *fault)
			continue
		}
		it.events = append(it.events, e)
	}
	it.faults = firstOfEach(it.faults)
	return latest
}

// sound are the readings that may be stored. rs is left alone.
func (it *item) sound(rs []presage.Reading) []presage.Reading {
	bad := false
	for _, r := range rs {
		if fault := readingFault(r); fault != nil {
			it.faults, bad = append(it.faults, *fault), true
		}
	}
	if !bad {
		return rs
	}
	return slices.DeleteFunc(slices.Clone(rs), func(r presage.Reading) bool { return readingFault(r) != nil })
}

// panicked logs a panic of f and makes a letter's reason of it. Only the
// runtime's own words are logged: others may quote the message.
func (p *Pipeline) panicked(f Format, value any) error {
	what := fmt.Sprintf("%T", value)
	if fault, ok := value.(runtime.Error); ok {
		what = fault.Error()
	}
	p.log.Error("ingest: a decoder panicked: see the dead letters, and report this as a fault of Presage",
		slog.String("format", f.Name()), slog.String("panic", what), slog.String("stack", string(debug.Stack())))
	return refuse(ReasonMalformed, "the decoder failed on this message, which is a fault of Presage: "+
		"see its log, then drive the letter again with a mended version")
}

func timeFault(at, oldest, newest time.Time) *Fault {
	switch {
	case at.Before(oldest):
		return &Fault{Reason: ReasonMissingTime, Count: 1, Detail: neverSet(oldest)}
	case at.After(newest):
		return &Fault{
			Reason: ReasonFutureTime, Count: 1,
			Detail: "more than 5 minutes ahead of its arrival: set the vehicle's clock",
		}
	}
	return nil
}

func readingFault(r presage.Reading) *Fault {
	bad := func(what string) *Fault {
		return &Fault{Reason: ReasonBadValue, Count: 1, Detail: fmt.Sprintf("%.64q: %s", r.Signal, what)}
	}
	if strings.HasPrefix(r.Signal, presage.OwnPrefix) {
		return &Fault{
			Reason: ReasonReservedSignal, Count: 1, Detail: `names that begin with "Presage." are written by Presage alone`,
		}
	}
	if what := nameFault([]byte(r.Signal)); what != "" {
		return bad(what)
	}
	if spec, ok := presage.LookupSignal(r.Signal); ok && spec.Kind != r.Value.Kind {
		return bad(wanted(spec.Kind))
	}
	for _, x := range append(slices.Clip(r.Value.Array), r.Value.Number) {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return bad("not a finite number")
		}
	}
	return nil
}

// firstOfEach keeps one fault of each reason, with the number of all of them.
func firstOfEach(faults []Fault) []Fault {
	var out []Fault
	place := map[string]int{}
	for _, f := range faults {
		if i, ok := place[f.Reason]; ok {
			out[i].Count += f.Count
			continue
		}
		place[f.Reason] = len(out)
		out = append(out, f)
	}
	return out
}
