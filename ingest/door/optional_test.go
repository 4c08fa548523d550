package door_test

import (
	"encoding/binary"
	"testing"

	"presage/ingest"
)

// A will of MQTT 5 may have every property that a PUBLISH may have.
func TestWillWithProperties(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, nil)
	will := []byte{24, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 60}
	will = append(append(will, 3), text("application/json")...)
	will = append(append(will, 8), text("reply")...)
	will = append(append(will, 9), text("x")...)
	will = append(append(append(will, 38), text("k")...), text("v")...)
	body := append(text("MQTT"), 5, 0xc6, 0, 0)
	own := append(append([]byte{38}, text("k")...), text("v")...)
	own = append(own, 25, 1, 23, 1)
	body = append(append(body, byte(len(own))), own...)
	body = append(body, text("box")...)
	body = append(append(body, byte(len(will))), will...)
	body = append(append(body, text(ingest.TelemetryTopic(vinA))...), text(string(sample(1)))...)
	body = append(append(body, text(string(vinA))...), text("x")...)
	c := dial(t, s)
	c.write(append(length([]byte{0x10}, len(body)), body...)...)
	if kind, answer := c.packet(); kind != 0x20 || answer[1] != 0 {
		t.Fatalf("%#x % x, want CONNACK", kind, answer)
	}
	_ = c.nc.Close()
	m.until(t, "the will", func() bool { return m.rows() == 1 })
}

// Acknowledgements and subscriptions of MQTT 5 come with and without reason and
// properties; a publish with every property that it may have.
func TestOptionalPartsOfMQTT5(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, nil)
	c := dial(t, s)
	c.connect(hello{vin: vinA, version: 5})
	properties := []byte{1, 1, 2, 0, 0, 0, 60}
	properties = append(append(properties, 3), text("application/json")...)
	properties = append(append(properties, 8), text("reply")...)
	properties = append(append(properties, 9), text("x")...)
	properties = append(append(append(properties, 38), text("k")...), text("v")...)
	properties = append(properties, 35, 0, 1)
	c.publish(2, 7, ingest.TelemetryTopic(vinA), sample(1), append([]byte{byte(len(properties))}, properties...)...)
	if kind, _ := c.packet(); kind != 0x50 {
		t.Fatalf("%#x, want PUBREC", kind)
	}
	c.write(0x62, 4, 0, 7, 0, 0)
	if kind, _ := c.packet(); kind != 0x70 {
		t.Fatalf("%#x, want PUBCOMP", kind)
	}
	c.publish(1, 8, "", sample(2), 3, 35, 0, 1) // by its alias
	if kind, _ := c.packet(); kind != 0x40 {
		t.Fatalf("%#x, want PUBACK", kind)
	}
	user := append(append([]byte{38}, text("k")...), text("v")...)
	body := append(binary.BigEndian.AppendUint16(nil, 9), byte(len(user)))
	body = append(append(body, user...), text(topicOf(vinA))...)
	c.write(append([]byte{0x82, byte(len(body) + 1)}, append(body, 0x2d)...)...)
	if kind, answer := c.packet(); kind != 0x90 || answer[3] != 1 {
		t.Fatalf("%#x % x, want SUBACK", kind, answer)
	}
	c.write(0x40, 3, 0, 1, 0x10) // a PUBACK of nothing
	c.write(0xc0, 0)
	if kind, _ := c.packet(); kind != 0xd0 {
		t.Fatal("the connection is gone")
	}
}

// Retries of MQTT 3.1 have the DUP flag.
func TestRetriesOfMQTT31(t *testing.T) {
	t.Parallel()
	s := startDoor(t, newMemory(), nil)
	c := dial(t, s)
	c.connect(hello{vin: vinA, version: 3})
	c.publish(2, 7, ingest.TelemetryTopic(vinA), sample(1))
	if kind, _ := c.packet(); kind != 0x50 {
		t.Fatalf("%#x, want PUBREC", kind)
	}
	for range 2 {
		c.write(0x6a, 2, 0, 7)
		if kind, _ := c.packet(); kind != 0x70 {
			t.Fatalf("%#x, want PUBCOMP", kind)
		}
	}
}
