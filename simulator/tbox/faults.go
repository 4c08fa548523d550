package tbox

import (
	"errors"
	"fmt"

	"presage"
)

// Faults holds the rates of what goes wrong between a car and the broker. All
// are probabilities; the zero value publishes everything once, in order, at once.
type Faults struct {
	Outage      float64 // that a day brings a loss of coverage of hours to days: everything comes late
	Reorder     float64 // that a message is overtaken by later ones
	Repeat      float64 // that a message is sent twice
	Nonsense    float64 // that a sample holds one reading that cannot be: 60 V in a cell, 255 degC, odometer 0
	BadValue    float64 // that a sample holds a reading that is not a number
	Malformed   float64 // that a message is cut off first, then sent whole
	Future      float64 // that a message is followed by a sample of a clock that runs ahead by hours
	UnknownName float64 // that a sample holds a signal that no table knows
	Gzip        float64 // that a message is compressed
	Single      float64 // that a message holds one sample without the batch around it
}

// DefaultFaults returns the rates of an ordinary fleet.
func DefaultFaults() Faults {
	return Faults{
		Outage: 0.015, Reorder: 0.01, Repeat: 0.01, Nonsense: 0.001, BadValue: 0.00002, Malformed: 0.0001,
		Future: 0.00005, UnknownName: 0.0005, Gzip: 0.05, Single: 0.05,
	}
}

// Validate returns every rate outside [0, 1] at once, each an ErrInvalid.
func (m Faults) Validate() error {
	rates := []struct {
		name string
		rate float64
	}{
		{"outage", m.Outage},
		{"reorder", m.Reorder},
		{"repeat", m.Repeat},
		{"nonsense", m.Nonsense},
		{"bad value", m.BadValue},
		{"malformed", m.Malformed},
		{"future", m.Future},
		{"unknown name", m.UnknownName},
		{"gzip", m.Gzip},
		{"single", m.Single},
	}
	var faults []error
	for _, r := range rates {
		if !(r.rate >= 0 && r.rate <= 1) {
			faults = append(faults, fmt.Errorf("%w fault rate %s: %v, want 0-1", presage.ErrInvalid, r.name, r.rate))
		}
	}
	return errors.Join(faults...)
}

// Counts says what was delivered. Samples and Events are what a faithful
// receiver stores; every other line says what it meets on the way.
type Counts struct {
	Messages  int // telemetry messages, repeats and malformed ones included
	Samples   int // distinct (vehicle, time) rows in the telemetry: what must be stored
	Events    int // event messages: distinct (vehicle, time, type, code)
	Late      int // messages more than an hour later than their newest sample
	Reordered int // messages that were overtaken
	Repeats   int // messages sent again
	Nonsense  int // readings that cannot be, out of their signal's range or unit
	BadValues int // readings that are not numbers: one dead letter each
	Malformed int // messages cut off in the middle: one dead letter each
	Future    int // samples from a clock that runs ahead: one dead letter each
	Unknown   int // readings under a name that no table knows
	Gzipped   int // messages compressed
	Singles   int // messages with one bare sample
}

// Add adds d to c.
func (c *Counts) Add(d Counts) {
	c.Messages += d.Messages
	c.Samples += d.Samples
	c.Events += d.Events
	c.Late += d.Late
	c.Reordered += d.Reordered
	c.Repeats += d.Repeats
	c.Nonsense += d.Nonsense
	c.BadValues += d.BadValues
	c.Malformed += d.Malformed
	c.Future += d.Future
	c.Unknown += d.Unknown
	c.Gzipped += d.Gzipped
	c.Singles += d.Singles
}
