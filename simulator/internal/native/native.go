// Package native reads what the simulated boxes publish, for the encoders of
// foreign formats.
package native

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"presage"
	"presage/simulator"
)

// Message is one message taken apart: samples, or an event.
type Message struct {
	Samples []Sample
	Event   *Event
}

// Sample is the signals of one instant, each as its JSON value: a number, a
// text, true or false, or an array.
type Sample map[string]any

// Event is what happened once.
type Event struct {
	Time       string // RFC 3339
	Type, Code string
}

// Read takes m apart. A message that was cut off is an ErrInvalid.
func Read(m simulator.Message) (Message, error) {
	payload, err := plain(m.Payload)
	if err != nil {
		return Message{}, fmt.Errorf("a message of %s: %w: %w", m.VIN.Masked(), presage.ErrInvalid, err)
	}
	var doc struct {
		Signals Sample
		Samples []struct{ Signals Sample }
		Type    string
		Code    string
	}
	if err := json.Unmarshal(payload, &doc); err != nil {
		return Message{}, fmt.Errorf("a message of %s: %w: %w", m.VIN.Masked(), presage.ErrInvalid, err)
	}
	if strings.HasSuffix(m.Topic, "/event") {
		at := m.At.UTC().Format("2006-01-02T15:04:05Z")
		return Message{Event: &Event{Time: at, Type: doc.Type, Code: cmp.Or(doc.Code, doc.Type)}}, nil
	}
	var out Message
	if doc.Signals != nil {
		out.Samples = append(out.Samples, doc.Signals)
	}
	for _, s := range doc.Samples {
		out.Samples = append(out.Samples, s.Signals)
	}
	return out, nil
}

func plain(payload []byte) ([]byte, error) {
	if !bytes.HasPrefix(payload, []byte{0x1f, 0x8b}) {
		return payload, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Number is a signal's value as a number, also when it came as text; false
// when there is none.
func (s Sample) Number(signal string) (float64, bool) {
	switch x := s[signal].(type) {
	case float64:
		return x, true
	case string:
		n, err := strconv.ParseFloat(x, 64)
		return n, err == nil
	}
	return 0, false
}

// Numbers is a signal's array, nil when there is none.
func (s Sample) Numbers(signal string) []float64 {
	list, _ := s[signal].([]any)
	out := make([]float64, 0, len(list))
	for _, x := range list {
		if n, ok := x.(float64); ok {
			out = append(out, n)
		}
	}
	if len(out) == 0 || len(out) != len(list) {
		return nil
	}
	return out
}
