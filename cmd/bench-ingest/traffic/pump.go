package traffic

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"presage/cmd/bench-ingest/wire"
)

// Pump publishes the stream over so many connections, as fast as the broker
// acknowledges, at most window messages ahead on each. It returns when every
// message has its PUBACK. The connections are anonymous.
func Pump(ctx context.Context, broker string, connections, window int, s *Stream) error {
	g, ctx := errgroup.WithContext(ctx)
	for n := range connections {
		g.Go(func() error {
			c, err := wire.Dial(ctx, broker, wire.Login{ClientID: fmt.Sprint("bench-", n), KeepAlive: time.Hour})
			if err != nil {
				return err
			}
			stop := context.AfterFunc(ctx, func() { _ = c.Close() }) // ends a wait for PUBACKs
			defer stop()
			if err := pump(ctx, c, window, s, n, connections); err != nil {
				return err
			}
			return c.Close()
		})
	}
	return g.Wait()
}

// pump publishes messages first, first+step, first+2*step, ...
func pump(ctx context.Context, c *wire.Client, window int, s *Stream, first, step int) error {
	count := (s.Messages - first + step - 1) / step
	flying := make(chan struct{}, window)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for range count {
			if _, err := c.ReadAck(); err != nil {
				return err
			}
			<-flying
		}
		return nil
	})
	g.Go(func() error { return send(ctx, c, flying, s, first, step) })
	return g.Wait()
}

// send writes packets in runs: a run ends when it is large or the window is full.
func send(ctx context.Context, c *wire.Client, flying chan<- struct{}, s *Stream, first, step int) error {
	const run = 32 << 10
	var packets, payload []byte
	flush := func() error {
		err := c.Write(packets)
		packets = packets[:0]
		return err
	}
	for i := first; i < s.Messages; i += step {
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
		topic, payload = s.Append(payload[:0], i)
		if packets = wire.AppendPublish(packets, c.NextID(), topic, payload); len(packets) >= run {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
