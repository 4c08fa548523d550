package door_test

import (
	"testing"
	"time"

	"presage/ingest"
	"presage/ingest/door"
)

func TestSilentBeforeConnect(t *testing.T) {
	t.Parallel()
	s := startDoor(t, newMemory(), func(c *door.Config) { c.ConnectTimeout = 50 * time.Millisecond })
	c := dial(t, s)
	c.ended()
	c = dial(t, s)
	c.write(0x10, 60, 0, 4, 'M', 'Q') // and then no more
	c.ended()
}

func TestSilentBeyondTheKeepAlive(t *testing.T) {
	t.Parallel()
	c := dial(t, startDoor(t, newMemory(), nil))
	c.connect(hello{vin: vinA, version: 5, keepAlive: 1})
	if kind, body := c.packet(); kind != 0xe0 || body[0] != 0x8d {
		t.Errorf("%#x % x, want DISCONNECT: keep alive timeout", kind, body)
	}
	c.ended()
}

// A vehicle that comes back again and again under new client IDs, without ever
// saying goodbye, is let in: its most silent connection goes.
func TestConnectionsOfAVehicle(t *testing.T) {
	t.Parallel()
	s := startDoor(t, newMemory(), func(c *door.Config) { c.ConnectionsPerVehicle = 2 })
	one, two, three := dial(t, s), dial(t, s), dial(t, s)
	one.connect(hello{vin: vinA})
	two.connect(hello{vin: vinA, version: 5})
	one.write(0xc0, 0) // is heard after two
	one.packet()
	three.connect(hello{vin: vinA})
	if kind, body := two.packet(); kind != 0xe0 || body[0] != 0x97 {
		t.Errorf("%#x % x, want DISCONNECT: quota exceeded", kind, body)
	}
	one.write(0xc0, 0)
	if kind, _ := one.packet(); kind != 0xd0 {
		t.Error("the wrong one went")
	}
	other := dial(t, s) // another vehicle's are its own
	other.connect(hello{vin: vinB})
}

func TestConnectionsOfAnAddress(t *testing.T) {
	t.Parallel()
	s := startDoor(t, newMemory(), func(c *door.Config) { c.ConnectionsPerAddress = 2 })
	for range 2 {
		dial(t, s).connect(hello{vin: vinA})
	}
	c := dial(t, s)
	c.ended()
}

// A client that never reads its acknowledgements is cut off; others go on.
func TestClientThatNeverReads(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, func(c *door.Config) { c.WriteTimeout = 100 * time.Millisecond })
	deaf := dial(t, s)
	deaf.connect(hello{vin: vinA})
	flood := make([]byte, 0, 64<<10)
	for len(flood) < 60<<10 {
		flood = append(flood, 0xc0, 0)
	}
	for range 10_000 {
		if _, err := deaf.nc.Write(flood); err != nil {
			publishAll(t, mustPublisher(t, s), samples(0, 10), 10)
			return
		}
	}
	t.Error("600 MB of pings were taken without one answer being read")
}

// A large payload that is announced and never sent holds nobody else's up.
func TestLargePayloadThatNeverComes(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, nil)
	for range 8 {
		c := dial(t, s)
		c.connect(hello{vin: vinB})
		head := publishBytes(4, 1, 1, ingest.TelemetryTopic(vinB), make([]byte, ingest.MaxPayload-100))
		c.write(head[:200]...)
	}
	publishAll(t, mustPublisher(t, s), samples(0, 10), 10)
}
