package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
)

// pending follows how many messages Mosquitto keeps, as it tells once a second
// whenever the figure changes. Its own retained $SYS messages are among them.
type pending struct {
	client paho.Client

	mu    sync.Mutex
	count int64
	since time.Time // when count was told
	told  chan struct{}
}

func watchPending(ctx context.Context, broker string) (*pending, error) {
	p := &pending{told: make(chan struct{}, 1)}
	o := paho.NewClientOptions().AddBroker(broker).SetClientID("watch").SetConnectTimeout(stall)
	p.client = paho.NewClient(o)
	if err := wait(ctx, p.client.Connect()); err != nil {
		return nil, fmt.Errorf("watch mosquitto: %w", err)
	}
	const topic = "$SYS/broker/store/messages/count"
	if err := wait(ctx, p.client.Subscribe(topic, 0, p.tell)); err != nil {
		p.close()
		return nil, fmt.Errorf("watch mosquitto: %w", err)
	}
	return p, nil
}

// wait waits for the library's token, as long as stall at the most.
func wait(ctx context.Context, t paho.Token) error {
	ctx, cancel := context.WithTimeout(ctx, stall)
	defer cancel()
	select {
	case <-t.Done():
		return t.Error()
	case <-ctx.Done():
		return fmt.Errorf("%w: no answer: %w", presage.ErrUnavailable, ctx.Err())
	}
}

func (p *pending) tell(_ paho.Client, m paho.Message) {
	n, err := strconv.ParseInt(string(m.Payload()), 10, 64)
	if err != nil {
		return
	}
	p.mu.Lock()
	p.count, p.since = n, time.Now()
	p.mu.Unlock()
	select {
	case p.told <- struct{}{}:
	default:
	}
}

// own is more than Mosquitto's own retained $SYS messages.
const own = 100

// drained waits until the broker keeps nothing but its own messages and tells
// since when; the zero time if that was so all along, as the broker counts only
// once a second.
func (p *pending) drained(ctx context.Context) (time.Time, error) {
	for {
		p.mu.Lock()
		count, since := p.count, p.since
		p.mu.Unlock()
		if count < own {
			return since, nil
		}
		select {
		case <-p.told:
		case <-ctx.Done():
			return since, fmt.Errorf("%w: %d messages are still at the broker", ctx.Err(), count)
		}
	}
}

func (p *pending) close() { p.client.Disconnect(0) }
