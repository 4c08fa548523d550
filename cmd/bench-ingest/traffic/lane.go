package traffic

import (
	"context"
	"maps"
	"slices"

	"presage/cmd/bench-ingest/wire"
)

// lane is one publisher's part of a stream: messages first, first+step, ... One
// connection after the other works on it, and one goroutine on a connection:
// a thousand of them share the cores with what is measured.
type lane struct {
	stream *Stream
	step   int
	window int

	next   int            // the next message that was never sent
	again  []int          // sent on an earlier connection without a PUBACK, in order
	flying map[uint16]int // messages on this connection, by packet identifier
	acked  int

	packets, payload []byte // room for what is written
}

// connection publishes until everything has its PUBACK (nil) or the connection is lost.
func (l *lane) connection(ctx context.Context, broker string, login wire.Login) error {
	c, err := wire.Dial(ctx, broker, login)
	if err != nil {
		return err
	}
	l.flying = map[uint16]int{}
	hangUp := context.AfterFunc(ctx, func() { _ = c.Close() }) // ends a wait for PUBACKs, and a blocked write
	err = l.exchange(c)
	if hangUp() {
		_ = c.Close() // every PUBACK is there, or err says why not
	}
	l.again = append(slices.Sorted(maps.Values(l.flying)), l.again...)
	return err
}

// exchange fills the window, and then waits for one PUBACK and takes what came with it.
func (l *lane) exchange(c *wire.Client) error {
	for {
		more := l.fill(c)
		if len(l.packets) > 0 {
			if err := c.Write(l.packets); err != nil {
				return err
			}
		}
		if more {
			continue
		}
		if len(l.flying) == 0 {
			return nil
		}
		for first := true; len(l.flying) > 0 && (first || c.AckAtHand()); first = false {
			id, err := c.ReadAck()
			if err != nil {
				return err
			}
			delete(l.flying, id)
			l.acked++
		}
	}
}

// fill makes packets of the next messages; more tells whether the window has
// room for others still.
func (l *lane) fill(c *wire.Client) (more bool) {
	const run = 32 << 10
	l.packets = l.packets[:0]
	for len(l.flying) < l.window {
		if len(l.packets) >= run {
			return true
		}
		i, ok := l.take()
		if !ok {
			return false
		}
		id := c.NextID()
		l.flying[id] = i
		var topic string
		topic, l.payload = l.stream.Append(l.payload[:0], i)
		l.packets = wire.AppendPublish(l.packets, id, topic, l.payload)
	}
	return false
}

// take is the next message to send, false after the last.
func (l *lane) take() (i int, ok bool) {
	if len(l.again) > 0 {
		i, l.again = l.again[0], l.again[1:]
		return i, true
	}
	i = l.next
	if i >= l.stream.Messages {
		return 0, false
	}
	l.next += l.step
	return i, true
}
