package door_test

import (
	crand "crypto/rand"
	"fmt"
	"iter"
	"testing"
	"time"

	"presage/ingest"
	"presage/ingest/door"
	"presage/ingest/mqtt"
)

func rand() string { return crand.Text()[:8] }

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

// The acknowledgement is the promise: what has one is in the store already.
func TestAcknowledgedSamplesAreStored(t *testing.T) {
	t.Parallel()
	m := newMemory()
	publishAll(t, mustPublisher(t, startDoor(t, m, nil)), samples(0, 500), 500)
	if m.rows() != 500 {
		t.Errorf("%d rows", m.rows())
	}
}

func TestStoreOutageHoldsAcknowledgements(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.setFail(errDown)
	s := startDoor(t, m, nil)
	c := dial(t, s)
	c.connect(hello{vin: vinA, keepAlive: 2})
	for i := range 5 {
		c.publish(1, uint16(i+1), ingest.TelemetryTopic(vinA), sample(i))
	}
	c.write(0xc0, 0) // a ping behind them is answered all the same
	if kind, _ := c.packet(); kind != 0xd0 {
		t.Fatalf("a packet %#x, want a PINGRESP", kind)
	}
	if err := s.Probe(deadline(t, time.Second)); err == nil {
		t.Error("a probe gets through to a store that is down")
	}
	m.setFail(nil)
	for i := range 5 { // in order
		if kind, body := c.packet(); kind != 0x40 || body[1] != byte(i+1) {
			t.Fatalf("packet %#x % x, want the PUBACK of %d", kind, body, i+1)
		}
	}
	if err := s.Probe(deadline(t, patience)); err != nil {
		t.Error(err)
	}
}

// A client whose messages fill the window is not read any further; so that it
// does not give us up, it is told that we live.
func TestFullWindowKeepsTheConnection(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.setFail(errDown)
	s := startDoor(t, m, func(c *door.Config) { c.ReceiveMaximum = 10 })
	c := dial(t, s)
	c.connect(hello{vin: vinA, keepAlive: 2})
	for i := range 30 {
		c.publish(1, uint16(i+1), ingest.TelemetryTopic(vinA), sample(i))
	}
	if kind, _ := c.packet(); kind != 0xd0 {
		t.Fatalf("a packet %#x, want a sign of life", kind)
	}
	m.setFail(nil)
	for i := range 30 {
		kind, body := c.packet()
		for kind == 0xd0 {
			kind, body = c.packet()
		}
		if kind != 0x40 || body[1] != byte(i+1) {
			t.Fatalf("packet %#x % x, want the PUBACK of %d", kind, body, i+1)
		}
	}
	if m.rows() != 30 {
		t.Errorf("%d rows", m.rows())
	}
}

// What was handed to the pipeline when the service was told to stop is
// acknowledged before the connection goes.
func TestStopAcknowledgesWhatIsStored(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s, stop := startStoppable(t, m, nil)
	c := dial(t, s)
	c.connect(hello{vin: vinA, version: 5})
	c.publish(1, 1, ingest.TelemetryTopic(vinA), sample(1))
	if kind, _ := c.packet(); kind != 0x40 {
		t.Fatalf("a packet %#x, want a PUBACK", kind)
	}
	stop()
	if kind, body := c.packet(); kind != 0xe0 || body[0] != 0x8b {
		t.Errorf("a packet %#x % x, want DISCONNECT: the server is shutting down", kind, body)
	}
}
