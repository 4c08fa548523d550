package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage/cmd/bench-ingest/wire"
)

// fleet is all connected vehicles.
type fleet struct {
	broker   string
	vehicles []*vehicle
	stop     context.CancelFunc // disconnects everybody
	readers  sync.WaitGroup
	acks     chan struct{} // a token when something was acknowledged

	sent, acked, reconnects atomic.Int64 // a sample that is sent again counts once

	mu     sync.Mutex
	waits  []float64 // seconds from a sample's time to its PUBACK
	behind float64   // the latest publish, in seconds after its time
}

// connect connects n vehicles, at most rate a second and a few at the same
// time, as cars do when the broker comes back.
func connect(ctx context.Context, broker string, n, rate int, every time.Duration) (*fleet, error) {
	f := &fleet{broker: broker, vehicles: make([]*vehicle, n), acks: make(chan struct{}, 1)}
	var living context.Context
	living, f.stop = context.WithCancel(ctx)
	g, dialing := errgroup.WithContext(ctx)
	g.SetLimit(32)
	began := time.Now()
	for i := range n {
		if err := until(dialing, began.Add(time.Duration(i)*time.Second/time.Duration(rate))); err != nil {
			break // Wait tells why
		}
		g.Go(func() error {
			v := newVehicle(i, every)
			client, err := wire.Dial(dialing, broker, v.login)
			if err != nil {
				return fmt.Errorf("vehicle %d of %d: %w", i+1, n, err)
			}
			f.vehicles[i] = v
			f.readers.Go(func() { f.keep(living, v, client) })
			return nil
		})
	}
	if err := errors.Join(g.Wait(), ctx.Err()); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// keep takes a vehicle's PUBACKs and connects it again when its connection is
// lost, until the fleet stops.
func (f *fleet) keep(ctx context.Context, v *vehicle, client *wire.Client) {
	var buffer packets
	for {
		connection := client // of this turn: the loop's is another by the time of the end
		// It ends a read, and a blocked write.
		hangUp := context.AfterFunc(ctx, func() { _ = connection.Close() })
		if v.takeOver(client, &buffer) == nil {
			f.listen(v, client)
		}
		if hangUp() {
			_ = client.Close() // lost already
		}
		v.disconnected()
		var err error
		if client, err = v.redial(ctx, f.broker); err != nil {
			return
		}
		f.reconnects.Add(1)
	}
}

// until waits for an instant; one that has passed is not waited for.
func until(ctx context.Context, at time.Time) error {
	wait := time.Until(at)
	if wait <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// listen takes PUBACKs until the connection ends.
func (f *fleet) listen(v *vehicle, client *wire.Client) {
	for {
		id, err := client.ReadAck()
		if err != nil {
			return
		}
		m, ok := v.landed(id)
		if !ok {
			continue // a repeat
		}
		f.mu.Lock()
		f.waits = append(f.waits, time.Since(m.at).Seconds())
		f.mu.Unlock()
		f.acked.Add(1)
		select {
		case f.acks <- struct{}{}:
		default:
		}
	}
}

// drive lets every vehicle publish a sample in each of so many turns. The
// vehicles' times are spread evenly over a turn. told hears of every publish.
func (f *fleet) drive(ctx context.Context, turns int, every time.Duration, told func(*vehicle, time.Time)) error {
	const senders = 4
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for n := range senders {
		g.Go(func() error {
			var buffer packets
			for turn := range turns {
				for i := n; i < len(f.vehicles); i += senders {
					due := began.Add(time.Duration(turn)*every + every*time.Duration(i)/time.Duration(len(f.vehicles)))
					if err := until(ctx, due); err != nil {
						return err
					}
					now := time.Now()
					f.late(now.Sub(due).Seconds())
					v := f.vehicles[i]
					v.publish(message{now, turn*len(f.vehicles) + i}, &buffer)
					f.sent.Add(1)
					if told != nil {
						told(v, now)
					}
				}
			}
			return nil
		})
	}
	return g.Wait()
}

func (f *fleet) late(seconds float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.behind = max(f.behind, seconds)
}

// lags are the samples' times from publish to PUBACK and the latest publish
// after its time, in seconds.
func (f *fleet) lags() (pubacks []float64, behind float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.waits), f.behind
}

// settle waits until everything sent is acknowledged, or nothing was for stall.
func (f *fleet) settle(ctx context.Context) error {
	late := time.NewTimer(stall)
	defer late.Stop()
	for f.acked.Load() < f.sent.Load() {
		select {
		case <-f.acks:
			late.Reset(stall)
		case <-late.C:
			return nil // the counts say what is missing
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// close disconnects everybody.
func (f *fleet) close() {
	f.stop()
	f.readers.Wait()
}
