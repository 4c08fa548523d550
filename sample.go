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
