package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/cmd/bench-ingest/traffic"
	"presage/cmd/bench-ingest/wire"
	"presage/ingest"
)

// vehicle is one connection. A sender writes, a goroutine of its own reads.
type vehicle struct {
	vin    presage.VIN
	topic  string
	client *wire.Client
	gone   atomic.Bool

	mu   sync.Mutex
	sent map[uint16]time.Time // messages without a PUBACK
}

// fleet is all connected vehicles.
type fleet struct {
	vehicles []*vehicle
	readers  sync.WaitGroup
	acks     chan struct{} // a token when something was acknowledged
	closing  atomic.Bool

	sent, acked, gone atomic.Int64

	mu     sync.Mutex
	waits  []float64 // seconds from publish to PUBACK
	behind float64   // the latest publish, in seconds after its time
}

// connect connects n vehicles, at most rate a second and a few at the same
// time, as cars do when the broker comes back.
func connect(ctx context.Context, broker string, n, rate int, every time.Duration) (*fleet, error) {
	f := &fleet{vehicles: make([]*vehicle, n), acks: make(chan struct{}, 1)}
	g, dialing := errgroup.WithContext(ctx)
	g.SetLimit(32)
	began := time.Now()
	for i := range n {
		if err := until(dialing, began.Add(time.Duration(i)*time.Second/time.Duration(rate))); err != nil {
			break // Wait tells why
		}
		g.Go(func() error {
			vin := traffic.VIN(i)
			// A broker that checks no password still wants one beside a user name.
			client, err := wire.Dial(dialing, broker, wire.Login{
				ClientID: string(vin), Username: string(vin), Password: "none", KeepAlive: max(time.Minute, 3*every),
			})
			if err != nil {
				return fmt.Errorf("vehicle %d of %d: %w", i+1, n, err)
			}
			f.vehicles[i] = &vehicle{
				vin: vin, topic: ingest.TelemetryTopic(vin), client: client, sent: map[uint16]time.Time{},
			}
			return nil
		})
	}
	if err := errors.Join(g.Wait(), ctx.Err()); err != nil {
		f.close()
		return nil, err
	}
	for _, v := range f.vehicles {
		f.readers.Go(func() { f.listen(v) })
	}
	return f, nil
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

// listen takes a vehicle's PUBACKs until its connection ends.
func (f *fleet) listen(v *vehicle) {
	for {
		id, err := v.client.ReadAck()
		if err != nil {
			if !f.closing.Load() && !v.gone.Swap(true) {
				f.gone.Add(1)
			}
			return
		}
		now := time.Now()
		v.mu.Lock()
		at, ok := v.sent[id]
		delete(v.sent, id)
		v.mu.Unlock()
		if !ok {
			continue // a repeat
		}
		f.acked.Add(1)
		f.mu.Lock()
		f.waits = append(f.waits, now.Sub(at).Seconds())
		f.mu.Unlock()
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
			var packet, payload []byte
			for turn := range turns {
				for i := n; i < len(f.vehicles); i += senders {
					due := began.Add(time.Duration(turn)*every + every*time.Duration(i)/time.Duration(len(f.vehicles)))
					if err := until(ctx, due); err != nil {
						return err
					}
					now := time.Now()
					f.late(now.Sub(due).Seconds())
					payload = traffic.AppendSample(payload[:0], now, turn*len(f.vehicles)+i)
					v := f.vehicles[i]
					if packet = f.publish(v, packet[:0], payload, now); told != nil && !v.gone.Load() {
						told(v, now)
					}
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// publish sends one sample, unless the vehicle's connection is gone.
func (f *fleet) publish(v *vehicle, packet, payload []byte, now time.Time) []byte {
	if v.gone.Load() {
		return packet
	}
	id := v.client.NextID()
	v.mu.Lock()
	v.sent[id] = now
	v.mu.Unlock()
	packet = wire.AppendPublish(packet, id, v.topic, payload)
	if err := v.client.Write(packet); err != nil {
		if !v.gone.Swap(true) {
			f.gone.Add(1)
		}
		return packet
	}
	f.sent.Add(1)
	return packet
}

func (f *fleet) late(seconds float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.behind = max(f.behind, seconds)
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
	f.closing.Store(true)
	for _, v := range f.vehicles {
		if v != nil {
			_ = v.client.Close() // a connection that is gone is gone
		}
	}
	f.readers.Wait()
}
