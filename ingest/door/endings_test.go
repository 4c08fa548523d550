package door_test

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
)

// What a client sends with its DISCONNECT in one segment is handed on before
// the connection ends: clients that publish with QoS 0 and go do nothing else.
func TestPublishedTogetherWithDisconnect(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, nil)
	for _, version := range []byte{4, 5} {
		c := dial(t, s)
		c.connect(hello{vin: vinA, version: version})
		all := publishBytes(version, 0, 0, ingest.TelemetryTopic(vinA), sample(2*int(version)))
		all = append(all, publishBytes(version, 1, 1, ingest.TelemetryTopic(vinA), sample(2*int(version)+1))...)
		c.write(append(all, 0xe0, 0)...)
	}
	m.until(t, "both messages of both", func() bool { return m.rows() == 4 })
}

// A client of MQTT 5 that lost all its PUBRECs with the connection repeats its
// messages: what the session holds is not a part of the new connection's window.
func TestReceiveMaximumBeginsAnewWithTheConnection(t *testing.T) {
	t.Parallel()
	const window = 4
	s := startDoor(t, newMemory(), func(c *door.Config) { c.ReceiveMaximum = window })
	h := hello{vin: vinA, version: 5, clientID: "box", keep: true, expiry: 3600}
	c := dial(t, s)
	c.connect(h)
	for round := range 2 {
		for id := range uint16(window) {
			b := publishBytes(5, 2, id+1, ingest.TelemetryTopic(vinA), sample(int(id)))
			b[0] |= byte(round) << 3
			c.write(b...)
		}
		for range window {
			if kind, body := c.packet(); kind != 0x50 || len(body) != 2 {
				t.Fatalf("round %d: %#x % x, want PUBREC", round, kind, body)
			}
		}
		if round == 0 {
			_ = c.nc.Close()
			c = dial(t, s)
			c.connect(h)
		}
	}
	for id := range uint16(window) {
		c.write(append([]byte{0x62, 2}, binary.BigEndian.AppendUint16(nil, id+1)...)...)
		if kind, _ := c.packet(); kind != 0x70 {
			t.Fatalf("%#x, want PUBCOMP", kind)
		}
	}
	c.publish(1, 9, ingest.TelemetryTopic(vinA), sample(9))
	if kind, _ := c.packet(); kind != 0x40 {
		t.Errorf("%#x, want PUBACK: the window is open again", kind)
	}
}

// balky is a desk that fails at first.
type balky struct {
	*desk
	fails int
}

func (b *balky) PendingCommands(ctx context.Context, vin presage.VIN, after int64, limit int, now time.Time) ([]presage.Command, error) {
	if b.fails--; b.fails >= 0 {
		return nil, presage.ErrUnavailable
	}
	return b.desk.PendingCommands(ctx, vin, after, limit, now)
}

// A store that cannot be read for a moment delays commands, no more.
func TestCommandsAreTriedAgain(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := startDoor(t, newMemory(), func(c *door.Config) { c.Commands = &balky{d, 1} })
	d.add(command(vinA, 1))
	c := dial(t, s)
	c.connect(hello{vin: vinA})
	c.subscribe(1, topicOf(vinA), 1)
	_ = c.nc.SetDeadline(time.Now().Add(10 * time.Second))
	c.wantCommand(1, 0)
}

// A client of MQTT 5 that ends its session by DISCONNECT finds none later.
func TestSessionEndedByDisconnect(t *testing.T) {
	t.Parallel()
	d := newDesk()
	s := startDoor(t, newMemory(), withDesk(d))
	h := hello{vin: vinA, version: 5, clientID: "box", keep: true, expiry: 3600}
	c := dial(t, s)
	c.connect(h)
	c.subscribe(1, topicOf(vinA), 1)
	c.write(0xe0, 7, 0, 5, 17, 0, 0, 0, 0)
	c.ended()
	c = dial(t, s)
	if ack := c.connect(h); ack[0] != 0 {
		t.Error("the session came back")
	}
}

// A DISCONNECT that tells of a fault does not void the will (MQTT 5, 3.14.4).
func TestWillOfADisconnectWithAFault(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := startDoor(t, m, nil)
	c := dial(t, s)
	c.connect(hello{vin: vinA, version: 5, willTopic: ingest.TelemetryTopic(vinA), will: string(sample(1))})
	c.write(0xe0, 1, 0x80)
	m.until(t, "the will", func() bool { return m.rows() == 1 })
}
