package ingest_test

import (
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// words is a format whose topic is words/{vin} and whose payload names what to decode.
type words struct{ samples map[string]presage.Sample }

func (words) Name() string              { return "words" }
func (words) Matches(topic string) bool { return strings.HasPrefix(topic, "words/") }
func (w words) Decode(m ingest.Message) (ingest.Decoded, error) {
	s, ok := w.samples[string(m.Payload)]
	if !ok {
		return ingest.Decoded{}, &ingest.RefusedError{Reason: ingest.ReasonMalformed, Detail: "no such word"}
	}
	return ingest.Decoded{VIN: s.VIN, Samples: []presage.Sample{s}}, nil
}

// What a foreign decoder lets through is checked like the native format's.
func TestForeignFormatsAreHeldToTheContract(t *testing.T) {
	t.Parallel()
	reading := func(name string, v presage.Value) presage.Reading {
		return presage.Reading{Signal: name, Value: v}
	}
	sample := func(ahead time.Duration, rs ...presage.Reading) presage.Sample {
		return presage.Sample{VIN: vinA, Time: arrival.Add(ahead), Readings: rs}
	}
	speed := reading(presage.SignalSpeed, presage.Number(50))
	for word, want := range map[string]string{
		"good": "", "unheard": ingest.ReasonMalformed,
		"future": ingest.ReasonFutureTime, "past": ingest.ReasonMissingTime, "ours": ingest.ReasonReservedSignal,
		"kind": ingest.ReasonBadValue, "infinite": ingest.ReasonBadValue, "spaced": ingest.ReasonBadValue,
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				format := words{samples: map[string]presage.Sample{
					"good": sample(0, speed), "future": sample(6*time.Minute, speed), "past": sample(-60*365*24*time.Hour, speed),
					"ours":     sample(0, speed, reading("Presage.brake_pads_front.P50", presage.Number(1))),
					"kind":     sample(0, speed, reading(presage.SignalOdometer, presage.String("far"))),
					"infinite": sample(0, speed, reading("Vendor.X", presage.Array([]float64{1, math.Inf(1)}))),
					"spaced":   sample(0, speed, reading("Vendor X", presage.Number(1))),
				}}
				p := startWith(t, ingest.Config{}, ingest.Deps{
					Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Watcher: m, Formats: []ingest.Format{format},
				})
				submit(t, p, ingest.Message{Topic: "words/" + string(vinA), Payload: []byte(word), Received: arrival})
				if err := p.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
				var reasons []string
				if want != "" {
					reasons = []string{want}
				}
				if diff := cmp.Diff(reasons, m.reasons()); diff != "" {
					t.Error(diff)
				}
				var kept []presage.Sample
				if want != ingest.ReasonMalformed && want != ingest.ReasonFutureTime && want != ingest.ReasonMissingTime {
					kept = []presage.Sample{sample(0, speed)} // a bad reading costs itself alone
				}
				if diff := cmp.Diff(kept, m.stored()); diff != "" {
					t.Error(diff)
				}
				if m.watched != len(kept) {
					t.Errorf("the watcher saw %d samples, want %d", m.watched, len(kept))
				}
			})
		})
	}
}
