package ingest_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
