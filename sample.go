package presage

import (
	"encoding/json"
	"time"
)

// Kind tells which field of a Value holds it.
type Kind uint8

// The kinds of value a signal can carry.
const (
	KindNumber Kind = iota // Number
	KindBool               // Number: 0 or 1
	KindString             // Text
	KindArray              // Array
)

// Value is one signal's value. Array is shared, never changed in place.
type Value struct {
	Kind   Kind
	Number float64
	Text   string
	Array  []float64
}

// Number makes a numeric value.
func Number(x float64) Value { return Value{Kind: KindNumber, Number: x} }

// Bool makes a boolean value.
func Bool(b bool) Value {
	v := Value{Kind: KindBool}
	if b {
		v.Number = 1
	}
	return v
}

// String makes a text value.
func String(s string) Value { return Value{Kind: KindString, Text: s} }

// Array makes an array value that keeps a.
func Array(a []float64) Value { return Value{Kind: KindArray, Array: a} }

// MarshalJSON writes the bare JSON value.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.Kind {
	case KindBool:
		return json.Marshal(v.Number != 0)
	case KindString:
		return json.Marshal(v.Text)
	case KindArray:
		return json.Marshal(v.Array)
	case KindNumber:
	}
	return json.Marshal(v.Number)
}

// Reading is one signal of a sample.
type Reading struct {
	Signal string // COVESA VSS path, e.g. "Vehicle.Speed"
	Value  Value
}

// Sample is what a vehicle measured at one instant. (VIN, Time, Signal) is the
// identity: storing the same reading twice changes nothing.
type Sample struct {
	VIN      VIN
	Time     time.Time // UTC, millisecond resolution
	Readings []Reading
}

// Event is something a vehicle reports once: a trouble code, an alert, a trip's end.
type Event struct {
	VIN  VIN             `json:"vin"`
	Time time.Time       `json:"time"`
	Type string          `json:"type"`           // "dtc", "alert", "trip_end", ...
	Code string          `json:"code,omitempty"` // SAE J2012 for "dtc", e.g. "P0A80"
	Data json.RawMessage `json:"data,omitempty"` // the event as it came
}

// DeadLetter is a message that could not be taken in (whole or in part), kept
// as it came with the reason, so that it can be listed, mended and driven again.
// Topic, payload and reason are the identity of one that was not driven again:
// an equal one that comes later is counted in Times. What a broker delivers
// again, because its acknowledgement was lost in a crash, counts too.
type DeadLetter struct {
	ID           int64     `json:"id"`
	Received     time.Time `json:"received"`      // the first time
	LastReceived time.Time `json:"last_received"` // set by the store
	Times        int64     `json:"times"`         // at least 1; set by the store
	VIN          VIN       `json:"vin"`           // of the sender, "" when it could not be told
	Topic        string    `json:"topic"`         // holds the VIN: show it masked
	Payload      []byte    `json:"payload"`
	Size         int       `json:"-"`      // bytes of the payload, where a list holds only its head; else 0
	Reason       string    `json:"reason"` // a stable word for counting: "malformed_json", "future_time", ...
	Detail       string    `json:"detail"` // what, where and how to mend it
	Redriven     time.Time `json:"redriven"`
}
