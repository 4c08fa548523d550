package main

import (
	"context"
	"fmt"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// bareCommand is the floor: the same client library with the same session,
// which acknowledges by hand what it gets and neither reads nor stores it.
type bareCommand struct {
	Broker   string `required:"" help:"URL of the broker."`
	Messages int    `required:"" help:"How many to wait for before saying so."`
}

// Run acknowledges until ctx ends.
func (c bareCommand) Run(ctx context.Context, t *terminal) error {
	o := paho.NewClientOptions().AddBroker(c.Broker).SetClientID(clientID).SetConnectTimeout(stall)
	o.SetCleanSession(false).SetAutoReconnect(false).SetAutoAckDisabled(true).SetOrderMatters(true)
	acked, all := 0, make(chan struct{})
	o.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) {
		m.Ack()
		if acked++; acked == c.Messages {
			close(all)
		}
	})
	lost := make(chan error, 1)
	o.SetConnectionLostHandler(func(_ paho.Client, err error) { lost <- err })
	client := paho.NewClient(o)
	if err := wait(ctx, client.Connect()); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer client.Disconnect(0)
	if err := wait(ctx, client.Subscribe("presage/v1/+/telemetry", 1, nil)); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	for {
		select {
		case <-all:
			if _, err := fmt.Fprintf(t.stdout, "acked %d\n", c.Messages); err != nil {
				return err
			}
			all = nil
		case err := <-lost:
			return fmt.Errorf("connection lost: %w", err)
		case <-ctx.Done():
			return nil
		}
	}
}
