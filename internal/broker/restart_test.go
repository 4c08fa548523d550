package broker_test

import (
	crand "crypto/rand"
	"testing"

	"presage/ingest"
	"presage/internal/broker"
)

func rand() string { return crand.Text()[:8] }

// What was acknowledged while the service was away is there after a restart
// of the broker on the same directory.
func TestRestartKeepsMessages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startBroker(t, func(c *broker.Config) { c.Dir = dir })
	m := newMemory()
	stop := startIngest(t, first, m)
	publishAll(t, mustPublisher(t, first), samples(0, 10), 10)
	m.until(t, "10 rows", func() bool { return m.rows() == 10 })
	stop()
	publishAll(t, mustPublisher(t, first), samples(10, 40), 40)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := startBroker(t, func(c *broker.Config) { c.Dir = dir })
	startIngest(t, second, m)
	m.until(t, "50 rows", func() bool { return m.rows() == 50 })
}

// A vehicle that connects before the service's first subscription waits, so
// that nothing is acknowledged that nobody would get.
func TestVehicleWaitsForTheFirstSubscription(t *testing.T) {
	t.Parallel()
	b, m := startBroker(t, nil), newMemory()
	published := make(chan error, 1)
	go func() {
		p, err := publisher(t, b, nil)
		if err == nil {
			err = p.Publish(t.Context(), ingest.TelemetryTopic(vinA), speed)
		}
		published <- err
	}()
	startIngest(t, b, m)
	if err := <-published; err != nil {
		t.Fatal(err)
	}
	m.until(t, "one row", func() bool { return m.rows() == 1 })
}

// Formats that are switched on later fit into the session that an older start
// made: the packet identifiers of all its filters do not exceed 65,535.
func TestFormatsAreAddedToAnOldSession(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startBroker(t, func(c *broker.Config) { c.Dir = dir })
	m := newMemory()
	stop := startIngest(t, first, m)
	publishAll(t, mustPublisher(t, first), samples(0, 1), 1)
	m.until(t, "one row", func() bool { return m.rows() == 1 })
	stop()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := startBroker(t, func(c *broker.Config) {
		c.Dir, c.VehicleTopics = dir, append([]string{"gbt32960/{vin}/#"}, foreign...)
	})
	stop = startFormats(t, second, m, "gbt32960/+/#") // ready means: every filter was granted
	defer stop()
	if err := mustPublisher(t, second).Publish(t.Context(), own(vinA)[1], []byte("50")); err != nil {
		t.Fatal(err)
	}
	m.until(t, "a metric", func() bool { return m.rows() == 2 })
}
