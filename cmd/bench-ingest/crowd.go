package main

import (
	"fmt"

	"presage"
)

// crowd is how many vehicles are connected to the embedded door, each over a
// connection of its own, and how many messages of each may be without a PUBACK.
type crowd struct{ clients, window int }

func (c crowd) String() string { return fmt.Sprintf("%dx%d", c.clients, c.window) }

// The crowds that the project has set itself goals for.
const (
	busy  = "100x10"
	quiet = "1000x1" // each waits for its PUBACK
)

// crowds reads --clients.
func (c compareCommand) crowds() ([]crowd, error) {
	var out []crowd
	for _, text := range c.Clients {
		var one crowd
		_, err := fmt.Sscanf(text, "%dx%d", &one.clients, &one.window)
		if err != nil || one.String() != text || one.clients < 1 || one.clients > 20_000 || !inFlight(one.window) {
			return nil, fmt.Errorf("--clients: %w: %q: want CLIENTSxWINDOW like 100x10, at most 20000 clients "+
				"(mqtt.connections_per_address) and a window of 60000", presage.ErrInvalid, text)
		}
		out = append(out, one)
	}
	return out, nil
}

// most is the largest number of connections that stand at the same time.
func (c compareCommand) most() int {
	most := c.Publishers
	all, _ := c.crowds() // validate has looked at the error
	for _, one := range all {
		most = max(most, one.clients)
	}
	return most
}

// embeddedKinds are the runs of the embedded door and store: single messages of
// each crowd, and batches of the first.
func (c compareCommand) embeddedKinds() (out []kind) {
	all, _ := c.crowds() // validate has looked at the error
	for i, one := range all {
		add := func(messages, batch int) {
			out = append(out, kind{embedded, load{
				messages: messages, batch: batch, vehicles: one.clients,
				connections: one.clients, window: one.window, feed: one.String(), ownVINs: true,
			}})
		}
		if c.Embedded > 0 {
			add(max(c.Embedded, one.clients), 1)
		}
		if c.Embedded > 0 && i == 0 && c.BatchOf > 1 {
			add(max(c.Embedded/c.BatchOf, one.clients), c.BatchOf)
		}
	}
	return out
}
