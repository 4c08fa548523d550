package door_test

import (
	"bytes"
	"testing"

	"presage/ingest"
	"presage/ingest/door"
)

// Numbers of packets and reasons: MQTT 3.1.1 (OASIS 2014) and MQTT 5 (2019).

func TestVersions(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, nil)
	for i, version := range []byte{3, 4, 5} {
		c := dial(t, s)
		c.connect(hello{vin: vinA, version: version})
		for qos := range byte(3) {
			c.publish(qos, uint16(qos), ingest.TelemetryTopic(vinA), sample(10*i+int(qos)))
		}
		if kind, body := c.packet(); kind != 0x40 || !bytes.Equal(body, []byte{0, 1}) {
			t.Errorf("version %d: %#x % x, want the PUBACK of 1", version, kind, body)
		}
		if kind, body := c.packet(); kind != 0x50 || !bytes.Equal(body, []byte{0, 2}) {
			t.Errorf("version %d: %#x % x, want the PUBREC of 2", version, kind, body)
		}
		c.write(0x62, 2, 0, 2)
		if kind, body := c.packet(); kind != 0x70 || !bytes.Equal(body, []byte{0, 2}) {
			t.Errorf("version %d: %#x % x, want the PUBCOMP of 2", version, kind, body)
		}
		c.write(0xe0, 0)
		c.ended()
	}
	if m.rows() != 9 {
		t.Errorf("%d rows, want 9", m.rows())
	}
}

func TestUnknownVersions(t *testing.T) {
	t.Parallel()
	s := startDoor(t, newMemory(), nil)
	c := dial(t, s)
	if kind, body := c.greet(hello{vin: vinA, version: 6}); kind != 0x20 || body[1] != 1 {
		t.Errorf("%#x % x, want CONNACK 1: unacceptable protocol version", kind, body)
	}
	c.ended()
	c = dial(t, s)
	c.write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")...)
	answer, _ := c.in.ReadString('\n')
	if answer != "HTTP/1.1 400 Bad Request\r\n" {
		t.Errorf("a browser is answered %q", answer)
	}
	for name, junk := range map[string][]byte{
		"no CONNECT": {0xc0, 0}, "endless length": {0x10, 0xff, 0xff, 0xff, 0xff}, "TLS": {0x16, 3, 1, 0, 5, 1},
		"cut CONNECT": {0x10, 3, 0, 4, 'M'},
	} {
		c := dial(t, s)
		c.write(junk...)
		t.Log(name)
		c.ended()
	}
}

func TestSharedSubscription(t *testing.T) {
	t.Parallel()
	s := startDoor(t, newMemory(), nil)
	for version, refused := range map[byte]byte{4: 0x80, 5: 0x87} {
		c := dial(t, s)
		c.connect(hello{vin: vinA, version: version})
		if ack := c.subscribe(1, "$share/g/"+topicOf(vinA), 1); ack[len(ack)-1] != refused {
			t.Errorf("version %d: SUBACK % x, want %#x", version, ack, refused)
		}
	}
}

// QoS 2 by the book: a repeat before the PUBREL is not handed on again.
func TestQoS2IsTakenOnce(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, nil)
	c := dial(t, s)
	c.connect(hello{vin: vinA, clientID: "two", keep: true})
	first := publishBytes(4, 2, 7, ingest.TelemetryTopic(vinA), sample(1))
	c.write(first...)
	if kind, _ := c.packet(); kind != 0x50 {
		t.Fatalf("%#x, want a PUBREC", kind)
	}
	_ = c.nc.Close() // before the PUBREL
	c = dial(t, s)
	if ack := c.connect(hello{vin: vinA, clientID: "two", keep: true}); ack[0] != 1 {
		t.Error("the session is not present any more")
	}
	first[0] |= 8 // DUP
	c.write(first...)
	if kind, _ := c.packet(); kind != 0x50 {
		t.Fatalf("%#x, want the PUBREC again", kind)
	}
	c.write(0x62, 2, 0, 7)
	if kind, _ := c.packet(); kind != 0x70 {
		t.Fatalf("%#x, want a PUBCOMP", kind)
	}
	for key, n := range m.samples {
		if n != 1 {
			t.Errorf("%s was written %d times", key, n)
		}
	}
}

func TestTopicAliases(t *testing.T) {
	t.Parallel()
	m := newMemory()
	c := dial(t, startDoor(t, m, nil))
	c.connect(hello{vin: vinA, version: 5})
	alias := []byte{3, 35, 0, 2}
	c.publish(1, 1, ingest.TelemetryTopic(vinA), sample(1), alias...)
	c.publish(1, 2, "", sample(2), alias...)
	for range 2 {
		if kind, body := c.packet(); kind != 0x40 || len(body) != 2 {
			t.Fatalf("%#x % x, want a PUBACK", kind, body)
		}
	}
	if m.rows() != 2 {
		t.Errorf("%d rows", m.rows())
	}
	c.publish(1, 3, "", sample(3), 3, 35, 0, 9)
	if kind, body := c.packet(); kind != 0xe0 || body[0] != 0x82 {
		t.Errorf("%#x % x, want DISCONNECT: protocol error", kind, body)
	}
	c.ended()
}

// A client of MQTT 5 is told why: a topic of another, and more at once than it
// was told.
func TestReasonsOfVersion5(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.setFail(errDown)
	s := startDoor(t, m, func(c *door.Config) { c.ReceiveMaximum = 4 })
	c := dial(t, s)
	ack := c.connect(hello{vin: vinA, version: 5})
	if !bytes.Contains(ack, []byte{33, 0, 4}) {
		t.Errorf("CONNACK % x does not tell the receive maximum of 4", ack)
	}
	if !bytes.Contains(ack, []byte{18}) {
		t.Errorf("CONNACK % x assigns no client ID", ack)
	}
	c.publish(1, 1, ingest.TelemetryTopic(vinB), sample(1))
	if kind, body := c.packet(); kind != 0x40 || !bytes.Equal(body, []byte{0, 1, 0x87}) {
		t.Errorf("%#x % x, want PUBACK: not authorized", kind, body)
	}
	for i := range 5 {
		c.publish(1, uint16(i+2), ingest.TelemetryTopic(vinA), sample(i))
	}
	if kind, body := c.packet(); kind != 0xe0 || body[0] != 0x93 {
		t.Errorf("%#x % x, want DISCONNECT: receive maximum exceeded", kind, body)
	}
	c.ended()
	c = dial(t, s)
	if kind, body := c.greet(hello{vin: "nobody", version: 5}); kind != 0x20 || body[1] != 0x87 {
		t.Errorf("%#x % x, want CONNACK: not authorized", kind, body)
	}
}

// Broken packets end a connection, and only that one.
func TestMalformedPackets(t *testing.T) {
	t.Parallel()
	s := startDoor(t, newMemory(), nil)
	for name, junk := range map[string][]byte{
		"QoS 3":                 {0x36, 5, 0, 1, 'a', 0, 1},
		"topic beyond the end":  {0x32, 4, 0, 9, 'a', 'b'},
		"no identifier":         {0x32, 3, 0, 1, 'a'},
		"identifier 0":          {0x32, 5, 0, 1, 'a', 0, 0},
		"reserved type":         {0xf0, 0},
		"CONNECT again":         {0x10, 2, 0, 0},
		"SUBSCRIBE of nothing":  {0x82, 2, 0, 1},
		"SUBSCRIBE, cut":        {0x82, 6, 0, 1, 0, 9, 'a', 1},
		"UNSUBSCRIBE, no flags": {0xa0, 5, 0, 1, 0, 1, 'a'},
		"PUBACK, cut":           {0x40, 1, 0},
		"endless length":        {0x30, 0xff, 0xff, 0xff, 0xff},
		"control too long":      {0x82, 0xff, 0xff, 0x7f, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, s)
			c.connect(hello{vin: vinA})
			c.write(junk...)
			c.ended()
		})
	}
}
