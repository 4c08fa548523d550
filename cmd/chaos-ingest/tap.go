package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// tap stands between the broker and presage and notes what the one delivered
// and the other acknowledged.
type tap struct {
	*relay
	mu        sync.Mutex
	delivered map[string]int  // by key: how often
	acked     map[string]bool // by key: presage sent its PUBACK
}

func startTap(ctx context.Context, target string) (*tap, error) {
	t := &tap{delivered: map[string]int{}, acked: map[string]bool{}}
	r, err := startRelay(ctx, target, t.listen)
	t.relay = r
	return t, err
}

// listen follows one connection. What is noted is noted before it is passed on.
func (t *tap) listen(client, server net.Conn) {
	waiting := map[uint16]string{} // packet identifier -> key; guarded by t.mu
	both(client, server, func() {
		follow(server, client, func(p packets.ControlPacket) {
			if ack, ok := p.(*packets.PubackPacket); ok {
				t.mu.Lock()
				defer t.mu.Unlock()
				t.acked[waiting[ack.MessageID]] = true
				delete(waiting, ack.MessageID)
			}
		})
	}, func() {
		follow(client, server, func(p packets.ControlPacket) {
			if m, ok := p.(*packets.PublishPacket); ok && m.Qos > 0 {
				t.mu.Lock()
				defer t.mu.Unlock()
				k := key(m.TopicName, m.Payload)
				waiting[m.MessageID] = k
				t.delivered[k]++
			}
		})
	})
}

// follow passes packets on as they are, each after note has seen it.
func follow(to io.Writer, from io.Reader, note func(packets.ControlPacket)) {
	var raw bytes.Buffer
	from = io.TeeReader(from, &raw)
	for {
		p, err := packets.ReadPacket(from)
		if err != nil {
			return
		}
		note(p)
		if _, err := raw.WriteTo(to); err != nil {
			return
		}
	}
}

// said tells whether presage acknowledged the message, and how often it was delivered.
func (t *tap) said(k string) (acked bool, delivered int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.acked[k], t.delivered[k]
}

func (t *tap) close() { t.relay.close() }
