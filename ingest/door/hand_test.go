package door_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest/door"
)

// hand is a client that speaks MQTT byte by byte.
type hand struct {
	t       *testing.T
	nc      net.Conn
	in      *bufio.Reader
	version byte
}

func dial(t *testing.T, s *door.Server) *hand {
	t.Helper()
	_, address, _ := strings.Cut(s.URL(), "://")
	var d net.Dialer
	nc, err := d.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(patience))
	return &hand{t: t, nc: nc, in: bufio.NewReader(nc)}
}

// hello is what a CONNECT says. The zero value of version is 4, MQTT 3.1.1.
type hello struct {
	vin       presage.VIN
	password  string
	clientID  string
	version   byte
	keepAlive uint16
	keep      bool   // the session
	expiry    uint32 // of the session, MQTT 5
	receive   uint16 // MQTT 5
	willTopic string
	will      string
}

func text(s string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(s))), s...)
}

func (h hello) bytes() []byte {
	name, version := "MQTT", h.version
	switch version {
	case 0:
		version = 4
	case 3:
		name = "MQIsdp"
	}
	flags := byte(0)
	if !h.keep {
		flags |= 2
	}
	if h.willTopic != "" {
		flags |= 4
	}
	if h.vin != "" {
		flags |= 0xc0
	}
	body := append(text(name), version, flags, byte(h.keepAlive>>8), byte(h.keepAlive))
	if version == 5 {
		var properties []byte
		if h.expiry > 0 {
			properties = binary.BigEndian.AppendUint32(append(properties, 17), h.expiry)
		}
		if h.receive > 0 {
			properties = binary.BigEndian.AppendUint16(append(properties, 33), h.receive)
		}
		body = append(append(body, byte(len(properties))), properties...)
	}
	body = append(body, text(h.clientID)...)
	if h.willTopic != "" {
		if version == 5 {
			body = append(body, 0)
		}
		body = append(append(body, text(h.willTopic)...), text(h.will)...)
	}
	if h.vin != "" {
		body = append(append(body, text(string(h.vin))...), text(h.password)...)
	}
	return append(length([]byte{0x10}, len(body)), body...)
}

func length(b []byte, n int) []byte {
	for n > 0x7f {
		b = append(b, byte(n)|0x80)
		n >>= 7
	}
	return append(b, byte(n))
}

// connect expects to be let in and returns the CONNACK.
func (c *hand) connect(h hello) []byte {
	c.t.Helper()
	kind, body := c.greet(h)
	if kind != 0x20 || body[1] != 0 {
		c.t.Fatalf("CONNACK %#x % x", kind, body)
	}
	return body
}

func (c *hand) greet(h hello) (kind byte, body []byte) {
	c.t.Helper()
	if h.clientID == "" && h.version != 5 {
		h.clientID = "hand-" + rand()
	}
	c.version = h.version
	c.write(h.bytes()...)
	return c.packet()
}

func (c *hand) write(b ...byte) {
	c.t.Helper()
	if _, err := c.nc.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

// publish writes a PUBLISH; properties are of MQTT 5, whole with their length.
func (c *hand) publish(qos byte, id uint16, topic string, payload []byte, properties ...byte) {
	c.t.Helper()
	c.write(publishBytes(c.version, qos, id, topic, payload, properties...)...)
}

//nolint:revive // the parts of a PUBLISH, in their order
func publishBytes(version, qos byte, id uint16, topic string, payload []byte, properties ...byte) []byte {
	body := text(topic)
	if qos > 0 {
		body = binary.BigEndian.AppendUint16(body, id)
	}
	if version == 5 {
		if len(properties) == 0 {
			properties = []byte{0}
		}
		body = append(body, properties...)
	}
	body = append(body, payload...)
	return append(length([]byte{0x30 | qos<<1}, len(body)), body...)
}

func (c *hand) subscribe(id uint16, filter string, qos byte) []byte {
	c.t.Helper()
	body := binary.BigEndian.AppendUint16(nil, id)
	if c.version == 5 {
		body = append(body, 0)
	}
	body = append(append(body, text(filter)...), qos)
	c.write(append(length([]byte{0x82}, len(body)), body...)...)
	kind, answer := c.packet()
	if kind != 0x90 {
		c.t.Fatalf("a packet %#x, want a SUBACK", kind)
	}
	return answer
}

// packet reads the next packet.
func (c *hand) packet() (kind byte, body []byte) {
	c.t.Helper()
	kind, body, err := c.read()
	if err != nil {
		c.t.Fatal(err)
	}
	return kind, body
}

func (c *hand) read() (kind byte, body []byte, err error) {
	if kind, err = c.in.ReadByte(); err != nil {
		return 0, nil, err
	}
	n, shift := 0, 0
	for {
		b, err := c.in.ReadByte()
		if err != nil {
			return 0, nil, err
		}
		n |= int(b&0x7f) << shift
		if shift += 7; b < 0x80 {
			break
		}
	}
	body = make([]byte, n)
	_, err = io.ReadFull(c.in, body)
	return kind, body, err
}

// ended waits for the end of the connection.
func (c *hand) ended() {
	c.t.Helper()
	for {
		kind, body, err := c.read()
		if err == nil {
			c.t.Logf("before the end: %#x % x", kind, body)
			continue
		}
		if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
			c.t.Fatal("the connection stands")
		}
		return
	}
}

func sample(i int) []byte {
	return fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, 1_778_000_000_000+int64(i)*1000, i%100)
}

func deadline(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
