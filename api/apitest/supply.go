package apitest

import (
	"context"
	"time"

	"presage"
)

func (w *World) addLetters() {
	for i, l := range []presage.DeadLetter{
		{Reason: "malformed_json", Detail: "byte 41: unexpected end of JSON: send the whole object", Payload: []byte(`{"ts": 1732190000123, "signals": {"Vehicle.Sp`)},
		{Reason: "future_time", Detail: "ts is 6 h ahead of the service's clock: set the car's clock", Payload: []byte(`{"ts": 1735190000123, "signals": {"Vehicle.Speed": 53.2}}`)},
		{Reason: "foreign_vin", Detail: "payload names another vehicle than the topic", Payload: []byte(`{"vin": "<script>alert(1)</script>", "ts": 1}`)},
		{Reason: "malformed_json", Detail: "byte 1: looking for the beginning of a value", Payload: []byte{0x1f, 0x00, 0xff, 0x41}},
	} {
		l.ID, l.Received, l.Topic = int64(i+1), w.now.Add(-time.Duration(i)*time.Hour), "presage/v1/"+string(VIN(42))+"/telemetry"
		l.Times, l.LastReceived = int64(i+1), l.Received.Add(time.Duration(i)*time.Minute)
		w.letters = append(w.letters, l)
	}
}

// DeadLetterHeads implements rest.DeadLetters.
func (w *World) DeadLetterHeads(_ context.Context, f presage.DeadLetterFilter) ([]presage.DeadLetter, error) {
	var out []presage.DeadLetter
	for _, l := range w.letters {
		if (f.Reason == "" || l.Reason == f.Reason) && l.ID > f.AfterID && (!f.OnlyOpen || l.Redriven.IsZero()) {
			out = append(out, l)
		}
	}
	return out, w.Err
}

// DeadLetterCounts implements rest.DeadLetters.
func (w *World) DeadLetterCounts(context.Context) (map[string]int64, error) {
	counts := map[string]int64{}
	for _, l := range w.letters {
		if l.Redriven.IsZero() {
			counts[l.Reason]++
		}
	}
	return counts, w.Err
}

// Redrive implements rest.Redriver.
func (w *World) Redrive(_ context.Context, reason string, limit int) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for i := range w.letters {
		if n < limit && w.letters[i].Redriven.IsZero() && (reason == "" || w.letters[i].Reason == reason) {
			w.letters[i].Redriven = w.now
			n++
		}
	}
	return n, w.Err
}
