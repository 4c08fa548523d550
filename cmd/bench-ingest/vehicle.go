package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"presage"
	"presage/cmd/bench-ingest/traffic"
	"presage/cmd/bench-ingest/wire"
	"presage/ingest"
)

// message is a sample that a vehicle has to send; its payload is made of both.
type message struct {
	at time.Time
	n  int
}

// vehicle sends over one connection after the other. While it has one, a sender
// of the fleet writes and the vehicle's own goroutine reads; else samples wait.
type vehicle struct {
	vin   presage.VIN
	topic string
	login wire.Login

	mu      sync.Mutex
	client  *wire.Client       // nil without a connection, and while what waits is sent
	flying  map[uint16]message // on this connection without a PUBACK
	waiting []message          // to be sent on the next connection
}

func newVehicle(n int, every time.Duration) *vehicle {
	vin := traffic.VIN(n)
	return &vehicle{
		vin: vin, topic: ingest.TelemetryTopic(vin), flying: map[uint16]message{},
		login: wire.Login{
			// A broker that checks no password still wants one beside a user name.
			ClientID: string(vin), Username: string(vin), Password: "none", KeepAlive: max(time.Minute, 3*every),
		},
	}
}

// publish sends a sample, or keeps it until there is a connection. buffer may
// be used again afterwards.
func (v *vehicle) publish(m message, buffer *packets) {
	v.mu.Lock()
	client := v.client
	if client == nil {
		v.waiting = append(v.waiting, m)
		v.mu.Unlock()
		return
	}
	id := v.assign(client, m)
	v.mu.Unlock()
	if client.Write(buffer.publish(v.topic, id, m)) != nil {
		_ = client.Close() // the reader sees it, and sends the sample again
	}
}

// assign gives a message its identifier; v.mu is held.
func (v *vehicle) assign(client *wire.Client, m message) uint16 {
	id := client.NextID()
	v.flying[id] = m
	return id
}

// takeOver makes client the vehicle's connection, after what waits is sent
// over it. Samples that are published meanwhile wait too.
func (v *vehicle) takeOver(client *wire.Client, buffer *packets) error {
	for {
		v.mu.Lock()
		if len(v.waiting) == 0 {
			v.client = client
			v.mu.Unlock()
			return nil
		}
		m := v.waiting[0]
		v.waiting = v.waiting[1:]
		id := v.assign(client, m)
		v.mu.Unlock()
		if err := client.Write(buffer.publish(v.topic, id, m)); err != nil {
			return err
		}
	}
}

// landed takes a message off that was acknowledged, false for a repeat.
func (v *vehicle) landed(id uint16) (message, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	m, ok := v.flying[id]
	delete(v.flying, id)
	return m, ok
}

// disconnected lets wait, in order, what had no PUBACK.
func (v *vehicle) disconnected() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.client = nil
	open := slices.SortedFunc(maps.Values(v.flying), func(a, b message) int { return cmp.Compare(a.n, b.n) })
	v.waiting = append(open, v.waiting...)
	clear(v.flying)
}

// packets is room for a packet and its payload.
type packets struct{ packet, payload []byte }

func (p *packets) publish(topic string, id uint16, m message) []byte {
	p.payload = traffic.AppendSample(p.payload[:0], m.at, m.n)
	p.packet = wire.AppendPublish(p.packet[:0], id, topic, p.payload)
	return p.packet
}

// redial connects again, after a pause that grows from half a second to eight,
// until it succeeds or ctx ends.
func (v *vehicle) redial(ctx context.Context, broker string) (*wire.Client, error) {
	const first, longest = 500 * time.Millisecond, 8 * time.Second
	for pause := first; ; pause = min(2*pause, longest) {
		if err := until(ctx, time.Now().Add(pause)); err != nil {
			return nil, err
		}
		if client, err := wire.Dial(ctx, broker, v.login); err == nil {
			return client, nil
		}
	}
}
