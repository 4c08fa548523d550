package traffic

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"presage/cmd/bench-ingest/wire"
)

// lane is one publisher's part of a stream: messages first, first+step, ... One
// connection after the other works on it.
type lane struct {
	stream *Stream
	step   int
	window int

	next  int   // the next message that was never sent
	again []int // sent on an earlier connection without a PUBACK, in order
	acked int

	mu     sync.Mutex
	flying map[uint16]int // messages on this connection, by packet identifier
}

// connection publishes until everything has its PUBACK (nil) or the connection is lost.
func (l *lane) connection(ctx context.Context, broker, id string) error {
	c, err := wire.Dial(ctx, broker, wire.Login{ClientID: id, KeepAlive: time.Hour})
	if err != nil {
		return err
	}
	room, left := make(chan struct{}, l.window), l.left()
	l.flying = map[uint16]int{}
	g, ctx := errgroup.WithContext(ctx)
	stop := context.AfterFunc(ctx, func() { _ = c.Close() }) // ends a wait for PUBACKs, and a blocked write
	defer stop()
	g.Go(func() error { return l.listen(c, room, left) })
	g.Go(func() error { return l.send(ctx, c, room) })
	err = g.Wait() // cancels the group's context: the connection may be closed twice
	_ = c.Close()  // every PUBACK is there, or err says why not
	l.again = append(slices.Sorted(maps.Values(l.flying)), l.again...)
	return err
}

// left is how many messages have no PUBACK yet.
func (l *lane) left() int {
	return len(l.again) + max(0, (l.stream.Messages-l.next+l.step-1)/l.step)
}

// listen takes so many PUBACKs.
func (l *lane) listen(c *wire.Client, room <-chan struct{}, count int) error {
	for range count {
		id, err := c.ReadAck()
		if err != nil {
			return err
		}
		l.mu.Lock()
		delete(l.flying, id)
		l.acked++
		l.mu.Unlock()
		<-room
	}
	return nil
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

// send writes packets in runs: a run ends when it is large or the window is full.
func (l *lane) send(ctx context.Context, c *wire.Client, room chan<- struct{}) error {
	const run = 32 << 10
	var packets, payload []byte
	flush := func() error {
		err := c.Write(packets)
		packets = packets[:0]
		return err
	}
	for {
		select {
		case room <- struct{}{}:
		default:
			if err := flush(); err != nil {
				return err
			}
			select {
			case room <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		i, ok := l.take()
		if !ok {
			return flush()
		}
		id := c.NextID()
		l.mu.Lock()
		l.flying[id] = i
		l.mu.Unlock()
		var topic string
		topic, payload = l.stream.Append(payload[:0], i)
		if packets = wire.AppendPublish(packets, id, topic, payload); len(packets) >= run {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}
