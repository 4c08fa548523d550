package broker_test

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"presage/ingest"
	"presage/ingest/mqtt"
)

// samples yields n telemetry messages of vinA, one second apart in the past.
func samples(from, n int) iter.Seq[mqtt.Outgoing] {
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	return func(yield func(mqtt.Outgoing) bool) {
		for i := range n {
			at := start.Add(time.Duration(from+i) * time.Second).UnixMilli()
			payload := fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, at, i%100)
			if !yield(mqtt.Outgoing{Topic: ingest.TelemetryTopic(vinA), Payload: payload}) {
				return
			}
		}
	}
}

func publishAll(t *testing.T, p *mqtt.Publisher, messages iter.Seq[mqtt.Outgoing], want int) {
	t.Helper()
	acked, err := p.PublishAll(t.Context(), messages)
	if err != nil || acked != want {
		t.Fatalf("acknowledged %d of %d: %v", acked, want, err)
	}
}

func TestAcknowledgedSamplesAreStored(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, nil), newMemory()
	startIngest(t, b, m)
	publishAll(t, mustPublisher(t, b), samples(0, 500), 500)
	m.until(t, "500 rows", func() bool { return m.rows() == 500 })
}

func TestStoreOutageLosesNothing(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, nil), newMemory()
	m.setFail(errDown)
	startIngest(t, b, m)
	publishAll(t, mustPublisher(t, b), samples(0, 300), 300)
	if n := m.rows(); n != 0 {
		t.Fatalf("%d rows in a store that is down", n)
	}
	m.setFail(nil)
	m.until(t, "300 rows after the outage", func() bool { return m.rows() == 300 })
}

// A window smaller than what the broker sends ahead costs connections, not messages.
func TestFullWindowLosesNothing(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, nil), newMemory()
	m.setFail(errDown)
	startWindow(t, b, m, 5, 40)
	publishAll(t, mustPublisher(t, b), samples(0, 200), 200)
	m.setFail(nil)
	m.until(t, "200 rows", func() bool { return m.rows() == 200 })
}

func TestUnacknowledgedMessagesComeAgain(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, nil), newMemory()
	m.setFail(errDown)
	stop := startIngest(t, b, m)
	publishAll(t, mustPublisher(t, b), samples(0, 200), 200)
	stop() // the service dies with 200 messages in hand
	m.setFail(nil)
	began := time.Now()
	startIngest(t, b, m)
	m.until(t, "200 rows after the restart", func() bool { return m.rows() == 200 })
	t.Logf("redelivered after %v", time.Since(began))
}
