package door_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"presage/ingest"
	"presage/ingest/door"
)

// tray is a sink that shows what it was handed.
type tray chan ingest.Message

func (t tray) SubmitAll(_ context.Context, ms []ingest.Message, from ingest.Source) error {
	for _, m := range ms {
		t <- m
	}
	from.Durable(len(ms))
	return nil
}

// A message arrives when it is read, not when the reader began to wait for it:
// values of formats without a time of their own are stamped by it.
func TestAMessageArrivesWhenItIsRead(t *testing.T) {
	t.Parallel()
	var hours atomic.Int64
	start, handed := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), make(tray, 1)
	s := startDoor(t, newMemory(), func(c *door.Config) {
		c.Sink = handed
		c.Now = func() time.Time { return start.Add(time.Duration(hours.Load()) * time.Hour) }
	})
	c := dial(t, s)
	c.connect(hello{vin: vinA})
	for i := range 3 {
		hours.Add(1)
		c.publish(1, uint16(i+1), ingest.TelemetryTopic(vinA), sample(i))
		if got, want := (<-handed).Received, start.Add(time.Duration(i+1)*time.Hour); !got.Equal(want) {
			t.Errorf("message %d arrived at %v, want %v", i, got, want)
		}
		c.packet() // its PUBACK; the reader waits for the next
	}
}
