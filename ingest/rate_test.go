package ingest_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// A message beyond 1 MiB stays too_large when it is also beyond the rate: only
// its head is kept, and Redrive must not send that in.
func TestTooLargeOutlivesTheRateLimit(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := start(t, m, ingest.Config{RatePerVehicle: 1, RateBurst: 1})
	first := numbered(vinB, 0, make(chan int, 1)) // a start credits everybody for ten minutes
	submit(t, p, first)
	later := arrival.Add(time.Hour)
	for range 2 { // the second one is beyond the rate
		submit(t, p, ingest.Message{
			Topic: ingest.TelemetryTopic(vinA), Payload: bytes.Repeat([]byte(" "), ingest.MaxPayload+1), Received: later,
		})
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{ingest.ReasonTooLarge, ingest.ReasonTooLarge}, m.reasons()); diff != "" {
		t.Error(diff)
	}
}

// telling is a format that remembers what it has told.
type telling struct{ forgot chan presage.VIN }

func (telling) Name() string              { return "telling" }
func (telling) Matches(topic string) bool { return strings.HasPrefix(topic, "telling/") }
func (f telling) Forget(vin presage.VIN)  { f.forgot <- vin }
func (telling) Decode(m ingest.Message) (ingest.Decoded, error) {
	return ingest.Decoded{VIN: vinA, Events: []presage.Event{{VIN: vinA, Time: arrival, Type: "dtc", Code: string(m.Payload)}}}, nil
}

// An event that the rate limit turns away was told to nobody: its format hears of it.
func TestFormatsForgetWhatTheRateLimitTurnsAway(t *testing.T) {
	t.Parallel()
	m, f := newMemory(), telling{make(chan presage.VIN, 10)}
	p := startWith(t, ingest.Config{RatePerVehicle: 1, RateBurst: 2}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: []ingest.Format{f},
	})
	submit(t, p, numbered(vinB, 0, make(chan int, 1))) // a start credits everybody for ten minutes
	for range 5 {
		submit(t, p, ingest.Message{Topic: "telling/1", Payload: []byte("P0A80"), Received: arrival.Add(time.Hour)})
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(m.events) != 2 || len(f.forgot) != 3 || <-f.forgot != vinA {
		t.Errorf("%d events, forgotten %d times", len(m.events), len(f.forgot))
	}
}
