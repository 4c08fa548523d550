package traffic

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"presage/cmd/bench-ingest/wire"
)

// Lanes is how a stream is published.
type Lanes struct {
	Connections int // 1 or more
	Window      int // messages without a PUBACK on each, 1-65,535
}

// Pump publishes the stream over several connections, as fast as the broker
// acknowledges. It returns when every message has its PUBACK. The connections
// are anonymous.
func Pump(ctx context.Context, broker string, lanes Lanes, s *Stream) error {
	g, ctx := errgroup.WithContext(ctx)
	for n := range lanes.Connections {
		g.Go(func() error {
			c, err := wire.Dial(ctx, broker, wire.Login{ClientID: fmt.Sprint("bench-", n), KeepAlive: time.Hour})
			if err != nil {
				return err
			}
			stop := context.AfterFunc(ctx, func() { _ = c.Close() }) // ends a wait for PUBACKs
			defer stop()
			l := lane{client: c, stream: s, first: n, step: lanes.Connections}
			if err := l.pump(ctx, lanes.Window); err != nil {
				return err
			}
			return c.Close()
		})
	}
	return g.Wait()
}

// lane is one connection's part of a stream: messages first, first+step, first+2*step, ...
type lane struct {
	client      *wire.Client
	stream      *Stream
	first, step int
}

func (l lane) pump(ctx context.Context, window int) error {
	count := (l.stream.Messages - l.first + l.step - 1) / l.step
	flying := make(chan struct{}, window)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for range count {
			if _, err := l.client.ReadAck(); err != nil {
				return err
			}
			<-flying
		}
		return nil
	})
	g.Go(func() error { return l.send(ctx, flying) })
	return g.Wait()
}

// send writes packets in runs: a run ends when it is large or the window is full.
func (l lane) send(ctx context.Context, flying chan<- struct{}) error {
	const run = 32 << 10
	var packets, payload []byte
	flush := func() error {
		err := l.client.Write(packets)
		packets = packets[:0]
		return err
	}
	for i := l.first; i < l.stream.Messages; i += l.step {
		select {
		case flying <- struct{}{}:
		default:
			if err := flush(); err != nil {
				return err
			}
			select {
			case flying <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		var topic string
		topic, payload = l.stream.Append(payload[:0], i)
		if packets = wire.AppendPublish(packets, l.client.NextID(), topic, payload); len(packets) >= run {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
