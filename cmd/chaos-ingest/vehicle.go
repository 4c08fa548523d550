package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// inFlight is how many messages of a vehicle may wait for their PUBACK.
const inFlight = 50

// vehicle publishes its stream and keeps its own record of what was acknowledged.
type vehicle struct {
	stream
	broker string // tcp://host:port
	every  time.Duration

	published atomic.Int64 // distinct messages
	pubacks   atomic.Int64 // of them
	sent      atomic.Int64 // with repeats
	acked     []bool       // by number; read when run has returned

	client paho.Client
	flying []flight
}

// flight is a message that is not acknowledged yet.
type flight struct {
	n     int
	token paho.Token
	since time.Time
}

// run publishes until stop is closed, and returns when everything that was
// published is acknowledged, or ctx ends.
func (v *vehicle) run(ctx context.Context, stop <-chan struct{}) error {
	tick := time.NewTicker(v.every)
	defer tick.Stop()
	defer func() {
		if v.client != nil {
			v.client.Disconnect(100)
		}
	}()
	for stopping := false; ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-stop:
			stopping, stop = true, nil
		case <-tick.C:
		}
		v.land()
		if stopping && len(v.flying) == 0 {
			return nil
		}
		if !v.connected(ctx) {
			continue
		}
		if !stopping && len(v.flying) < inFlight {
			n := int(v.published.Add(1)) - 1
			v.acked = append(v.acked, false)
			v.flying = append(v.flying, v.send(n))
		}
	}
}

func (v *vehicle) send(n int) flight {
	v.sent.Add(1)
	return flight{n: n, token: v.client.Publish(v.topic(), 1, false, v.payload(n)), since: time.Now()}
}

// land notes what was acknowledged since the last call.
func (v *vehicle) land() {
	var left []flight
	for _, f := range v.flying {
		select {
		case <-f.token.Done():
			if f.token.Error() == nil {
				v.acked[f.n] = true
				v.pubacks.Add(1)
				continue
			}
		default:
		}
		left = append(left, f)
	}
	v.flying = left
}

// connected connects if need be, and then repeats what is not acknowledged. A
// broker that is silent for half a minute loses the connection.
func (v *vehicle) connected(ctx context.Context) bool {
	if v.client != nil && v.client.IsConnectionOpen() {
		if len(v.flying) == 0 || time.Since(v.flying[0].since) < 30*time.Second {
			return true
		}
	}
	if v.client != nil {
		v.client.Disconnect(0)
	}
	// A new client each time: a token of an old one is never completed by it.
	v.land()
	o := paho.NewClientOptions().AddBroker(v.broker).SetClientID(string(v.vin)).SetProtocolVersion(4)
	o.SetUsername(string(v.vin)).SetPassword("none").SetCleanSession(true).SetOrderMatters(true)
	o.SetAutoReconnect(false).SetConnectRetry(false).SetConnectTimeout(5 * time.Second)
	v.client = paho.NewClient(o)
	if err := await(ctx, v.client.Connect(), 15*time.Second); err != nil {
		v.client.Disconnect(0)
		v.client = nil
		return false
	}
	for i, f := range v.flying {
		v.flying[i] = v.send(f.n)
	}
	return true
}

func await(ctx context.Context, t paho.Token, within time.Duration) error {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-t.Done():
		return t.Error()
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return errors.New("no answer")
	}
}
