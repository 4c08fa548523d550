package traffic

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/cmd/bench-ingest/wire"
)

// Lanes is how a stream is published.
type Lanes struct {
	Connections int // 1 or more
	Window      int // messages without a PUBACK on each, 1-65,535
	// Vehicles makes connection n log in as vehicle n of a stream that has as
	// many vehicles; else connections are anonymous.
	Vehicles bool
}

// login is that of connection n.
func (l Lanes) login(n int) wire.Login {
	const acks = 4 << 10 // a thousand of them are read at once
	if l.Vehicles {
		vin := string(VIN(n))
		// A server that checks no password still wants one beside a user name.
		return wire.Login{
			ClientID: vin, Username: vin, Password: "none", KeepAlive: time.Hour, Buffer: min(acks, 64*l.Window),
		}
	}
	return wire.Login{ClientID: fmt.Sprint("bench-", n), KeepAlive: time.Hour, Buffer: acks}
}

// reconnects is how often in a row a connection is made again without a PUBACK
// in between, and pause what is waited before.
const (
	reconnects = 5
	pause      = 500 * time.Millisecond
)

// Pump publishes the stream over several connections, as fast as the
// broker acknowledges. It returns when every message has its PUBACK, and tells
// how many connections were lost on the way: what had no PUBACK then was
// published again, as a vehicle does.
func Pump(ctx context.Context, broker string, lanes Lanes, s *Stream) (lost int, err error) {
	g, ctx := errgroup.WithContext(ctx)
	var losses atomic.Int64
	for n := range lanes.Connections {
		g.Go(func() error {
			l := &lane{stream: s, step: lanes.Connections, next: n, window: lanes.Window}
			for failed := 0; ; failed++ {
				acked := l.acked
				err := l.connection(ctx, broker, lanes.login(n))
				if err == nil {
					return nil
				}
				if l.acked > acked {
					failed = 0
				}
				if ctx.Err() != nil || failed == reconnects || !errors.Is(err, presage.ErrUnavailable) {
					return err
				}
				losses.Add(1)
				wait(ctx, pause)
			}
		})
	}
	err = g.Wait()
	return int(losses.Load()), err
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
