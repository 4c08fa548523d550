package main

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// prober is a vehicle that asks, by a message of its own, whether what the
// door acknowledges it acknowledges now. Its messages are counted like the fleet's.
type prober struct {
	stream
	address string // of the door

	mu    sync.Mutex
	acked []bool // by number
}

// try publishes one message and repeats it on new connections until it is
// acknowledged, true, or within has passed.
func (p *prober) try(ctx context.Context, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	n := p.next()
	for ctx.Err() == nil {
		if p.send(ctx, n) == nil {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.acked[n] = true
			return true
		}
		_ = pause(ctx, 50*time.Millisecond)
	}
	return false
}

func (p *prober) next() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.acked = append(p.acked, false)
	return len(p.acked) - 1
}

func (p *prober) send(ctx context.Context, n int) error {
	deadline, _ := ctx.Deadline()
	k := caller{address: p.address, vin: p.vin, id: "probe-" + strconv.Itoa(n), within: time.Until(deadline)}
	c, err := k.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := publishRaw(c, 1, p.topic(), p.payload(n)); err != nil {
		return err
	}
	return acknowledgement(c)
}

// givenUp is how many of its messages were not acknowledged in their time: a
// fault came in between, or the monitor tells that "ready" was false.
func (p *prober) givenUp() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, acked := range p.acked {
		if !acked {
			n++
		}
	}
	return n
}

// vehicle is the prober as the count takes it; nobody may try any more.
func (p *prober) vehicle() *vehicle {
	v := &vehicle{stream: p.stream, acked: p.acked}
	v.published.Store(int64(len(p.acked)))
	v.sent.Store(int64(len(p.acked)))
	return v
}
