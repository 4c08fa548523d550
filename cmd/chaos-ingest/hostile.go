package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"presage"
	"presage/ingest"
)

// hostile is one vehicle that does what it likes: whatever it does, the others
// must not notice.
type hostile struct {
	vin     presage.VIN
	address string // of the door
	random  *rand.Rand
	open    []net.Conn     // that it keeps and never reads
	deeds   map[string]int // what it did, how often
	names   int            // that it invented
}

const (
	hostileVIN   = presage.VIN("WVWZZZ1KZCX666666")
	hostileOpen  = 40  // connections that it keeps at the most
	hostileNames = 300 // that it invents in one message
)

// deed is one kind of mischief. Errors are what it hopes for.
type deed struct {
	name string
	do   func(h *hostile, ctx context.Context) error
}

func deeds() []deed {
	return []deed{
		{"invented signal names", (*hostile).inventNames},
		{"ghosts with random client ids", (*hostile).ghosts},
		{"unknown topics", (*hostile).strangeTopics},
		{"payloads of 1-10 MiB", (*hostile).huge},
		{"clients that never read", (*hostile).deaf},
		{"half packets", (*hostile).half},
		{"floods", (*hostile).flood},
		{"broken packets", (*hostile).broken},
		{"wrong clocks", (*hostile).wrongClock},
	}
}

// run makes mischief until ctx ends.
func (h *hostile) run(ctx context.Context) {
	defer h.hangUp(0)
	h.deeds = map[string]int{}
	all := deeds()
	for pause(ctx, time.Duration(100+h.random.IntN(900))*time.Millisecond) == nil {
		d := all[h.random.IntN(len(all))]
		if d.do(h, ctx) == nil { // while presage is away nothing can be done
			h.deeds[d.name]++
		}
		h.hangUp(hostileOpen)
	}
}

// hangUp closes the oldest connections but keep, without a word.
func (h *hostile) hangUp(keep int) {
	for len(h.open) > keep {
		_ = h.open[0].Close()
		h.open = h.open[1:]
	}
}

func (h *hostile) id() string {
	b := make([]byte, 16)
	for i := range b {
		b[i] = byte(h.random.Uint32())
	}
	return hex.EncodeToString(b)
}

// dial logs in under a client id that nobody has used.
func (h *hostile) dial(ctx context.Context) (net.Conn, error) {
	return caller{address: h.address, vin: h.vin, id: h.id(), within: 3 * time.Second, stays: true}.dial(ctx)
}

// with does something on a connection, which is dropped without a DISCONNECT.
func (h *hostile) with(ctx context.Context, do func(c net.Conn) error) error {
	c, err := h.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return do(c)
}

func (h *hostile) inventNames(ctx context.Context) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"ts":%d,"signals":{"Vehicle.Speed":1`, time.Now().UnixMilli())
	for range hostileNames {
		h.names++
		fmt.Fprintf(&b, `,"Invented.%d.%s":1`, h.names, h.id())
	}
	b.WriteString("}}")
	return h.send(ctx, ingest.TelemetryTopic(h.vin), b.Bytes())
}

// send publishes messages on one topic and waits for their acknowledgements.
func (h *hostile) send(ctx context.Context, topic string, payloads ...[]byte) error {
	return h.with(ctx, func(c net.Conn) error {
		for i, p := range payloads {
			if err := publishRaw(c, uint16(i+1), topic, p); err != nil {
				return err
			}
		}
		for range payloads {
			if err := acknowledgement(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// ghosts subscribe and are never heard of again.
func (h *hostile) ghosts(ctx context.Context) error {
	for range 10 {
		if err := h.with(ctx, func(c net.Conn) error {
			p, ok := packets.NewControlPacket(packets.Subscribe).(*packets.SubscribePacket)
			if !ok {
				return errRefused
			}
			p.MessageID, p.Topics, p.Qoss = 1, []string{"presage/v1/" + string(h.vin) + "/command", "#", h.id()}, []byte{1, 1, 1}
			if err := p.Write(c); err != nil {
				return err
			}
			_, err := packets.ReadPacket(c)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (h *hostile) strangeTopics(ctx context.Context) error {
	other := newStream(0, time.Now()).vin
	topics := []string{
		"presage/v1/" + string(h.vin) + "/status", "presage/v1/" + string(h.vin) + "/" + h.id(),
		h.id(), h.id() + "/" + h.id(),
		"presage/v1/" + string(other) + "/telemetry", "presage/v1/" + string(other) + "/command", "$SYS/broker", "presage",
		"presage/v1/" + h.id()[:17] + "/telemetry",
	}
	for _, topic := range topics {
		if err := h.send(ctx, topic, []byte(`{"ts":1,"signals":{"Vehicle.Speed":1}}`)); err != nil {
			return err
		}
	}
	return nil
}

func (h *hostile) huge(ctx context.Context) error {
	size := (1 + h.random.IntN(10)) << 20
	p := bytes.Repeat([]byte("x"), size)
	copy(p, `{"ts":`)
	if h.random.IntN(2) == 0 {
		one := fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":1}},`, time.Now().UnixMilli())
		p = append([]byte{'['}, bytes.Repeat(one, size/len(one))...)
	}
	return h.send(ctx, ingest.TelemetryTopic(h.vin), p)
}

// deaf publishes without ever reading an answer, and stays.
func (h *hostile) deaf(ctx context.Context) error {
	c, err := h.dial(ctx)
	if err != nil {
		return err
	}
	h.open = append(h.open, c)
	for i := range 200 {
		if err := publishRaw(c, uint16(i+1), ingest.TelemetryTopic(h.vin), []byte("{}")); err != nil {
			return err
		}
	}
	ping := slices.Repeat([]byte{0xc0, 0}, 20_000)
	_, err = c.Write(ping)
	return err
}

// half begins packets and never ends them.
func (h *hostile) half(ctx context.Context) error {
	d := net.Dialer{Timeout: time.Second}
	early, err := d.DialContext(ctx, "tcp", h.address)
	if err != nil {
		return err
	}
	h.open = append(h.open, early)
	connect := []byte{0x10, 0x40, 0, 4, 'M', 'Q', 'T', 'T', 4}
	if _, err := early.Write(connect[:1+h.random.IntN(len(connect)-1)]); err != nil {
		return err
	}
	late, err := h.dial(ctx)
	if err != nil {
		return err
	}
	h.open = append(h.open, late)
	_, err = late.Write([]byte{0x32, 0xff, 0xff, 0xff, 0x02, 0, 3, 'a', '/'}) // of 6 MiB
	return err
}

func (h *hostile) flood(ctx context.Context) error {
	return h.with(ctx, func(c net.Conn) error {
		var b bytes.Buffer
		for i := range 2000 {
			payload := fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, time.Now().UnixMilli()-int64(i), i%200)
			if err := publishRaw(&b, uint16(i+1), ingest.TelemetryTopic(h.vin), payload); err != nil {
				return err
			}
		}
		go func() { _, _ = io.Copy(io.Discard, c) }()
		_, err := b.WriteTo(c)
		return err
	})
}

// broken sends what is not MQTT: the seven bytes that end another server, and noise.
func (h *hostile) broken(ctx context.Context) error {
	noise := make([]byte, 64)
	for i := range noise {
		noise[i] = byte(h.random.Uint32())
	}
	for _, packet := range [][]byte{{0x82, 0x05, 0, 1, 0, 0, 0}, noise, {0xff, 0xff, 0xff, 0xff, 0xff}} {
		if err := h.with(ctx, func(c net.Conn) error {
			_, err := c.Write(packet)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// wrongClock is days ahead, days behind, or was never set.
func (h *hostile) wrongClock(ctx context.Context) error {
	at := []time.Time{time.Now().Add(72 * time.Hour), time.Now().Add(-240 * time.Hour), time.Unix(0, 0)}
	var all [][]byte
	for i, t := range at {
		all = append(all, fmt.Appendf(nil, `{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, t.UnixMilli()+int64(h.names), i))
	}
	return h.send(ctx, ingest.TelemetryTopic(h.vin), all...)
}
