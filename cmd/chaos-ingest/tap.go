package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"time"

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
	var group sync.WaitGroup
	group.Go(func() {
		follow(server, client, func(p packets.ControlPacket) {
			if ack, ok := p.(*packets.PubackPacket); ok {
				t.mu.Lock()
				defer t.mu.Unlock()
				t.acked[waiting[ack.MessageID]] = true
				delete(waiting, ack.MessageID)
			}
		})
		hangUp(server)
	})
	group.Go(func() {
		follow(client, server, func(p packets.ControlPacket) {
			if m, ok := p.(*packets.PublishPacket); ok && m.Qos > 0 {
				t.mu.Lock()
				defer t.mu.Unlock()
				k := key(m.TopicName, m.Payload)
				waiting[m.MessageID] = k
				t.delivered[k]++
			}
		})
		_ = client.Close()
		_, _ = io.Copy(io.Discard, server)
	})
	group.Wait()
}

// hangUp ends the way to the broker but lets it read to the end: closing at
// once would take back acknowledgements that it has not read yet, and hide
// those that were given too early.
func hangUp(server net.Conn) {
	if c, ok := server.(*net.TCPConn); ok && c.CloseWrite() == nil {
		_ = c.SetReadDeadline(time.Now().Add(2 * time.Second))
		return
	}
	_ = server.Close()
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
