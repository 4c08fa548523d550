package gbt32960

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"presage"
)

// sample is what a vehicle measured at one instant, by signal: float64, bool,
// string or []any as JSON has them.
type sample struct {
	at     time.Time
	values map[string]any
}

type nativeSample struct {
	TS      json.RawMessage `json:"ts"`
	Signals map[string]any  `json:"signals"`
}

// readings takes a native telemetry payload apart, plain or gzip, single or batch.
func readings(payload []byte) ([]sample, error) {
	if bytes.HasPrefix(payload, []byte{0x1f, 0x8b}) {
		r, err := gzip.NewReader(bytes.NewReader(payload))
		if err != nil {
			return nil, fmt.Errorf("%w payload: %w", presage.ErrInvalid, err)
		}
		if payload, err = io.ReadAll(r); err != nil {
			return nil, fmt.Errorf("%w payload: %w", presage.ErrInvalid, err)
		}
	}
	var doc struct {
		nativeSample
		Samples []nativeSample `json:"samples"`
	}
	if err := json.Unmarshal(payload, &doc); err != nil {
		return nil, fmt.Errorf("%w payload: %w", presage.ErrInvalid, err)
	}
	if doc.TS != nil {
		doc.Samples = append(doc.Samples, doc.nativeSample)
	}
	var out []sample
	for _, s := range doc.Samples {
		at, err := instant(s.TS)
		if err != nil {
			return nil, err
		}
		out = append(out, sample{at: at, values: s.Signals})
	}
	return out, nil
}

// instant reads epoch milliseconds or RFC 3339.
func instant(raw json.RawMessage) (time.Time, error) {
	var at time.Time
	if ms, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return time.UnixMilli(ms).UTC(), nil
	}
	if err := json.Unmarshal(raw, &at); err != nil {
		return at, fmt.Errorf("%w time %s", presage.ErrInvalid, raw)
	}
	return at, nil
}

// number is a signal's value; texts of numbers count.
func (s sample) number(signal string) (float64, bool) {
	switch x := s.values[signal].(type) {
	case float64:
		return x, true
	case string:
		f, err := strconv.ParseFloat(x, 64)
		return f, err == nil
	}
	return 0, false
}

// numbers are an array's values.
func (s sample) numbers(signal string) []float64 {
	list, ok := s.values[signal].([]any)
	if !ok {
		return nil
	}
	out := make([]float64, len(list))
	for i, x := range list {
		f, ok := x.(float64)
		if !ok {
			return nil
		}
		out[i] = f
	}
	return out
}
