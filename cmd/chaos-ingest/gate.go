package main

import (
	"context"
	"io"
	"net"
	"sync"
)

// gate stands between presage and the store and can hold back what presage
// writes.
type gate struct {
	*relay
	mu   sync.Mutex
	open chan struct{} // closed while bytes pass
	lost chan struct{} // closed by drop
}

func startGate(ctx context.Context, target string) (*gate, error) {
	g := &gate{open: make(chan struct{}), lost: make(chan struct{})}
	close(g.open)
	r, err := startRelay(ctx, target, func(client, server net.Conn) {
		both(client, server,
			func() { g.pass(server, client) },
			func() { _, _ = io.Copy(client, server) })
	})
	g.relay = r
	return g, err
}

// pass copies, but waits while the gate is shut.
func (g *gate) pass(to io.Writer, from io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			g.mu.Lock()
			open, lost := g.open, g.lost
			g.mu.Unlock()
			select {
			case <-lost:
				return
			case <-open:
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// hold shuts the gate: what presage sends from now on waits.
func (g *gate) hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open, g.lost = make(chan struct{}), make(chan struct{})
}

// drop throws away what waits, with its connections, and opens the gate.
func (g *gate) drop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.lost)
	g.cut()
	g.open, g.lost = make(chan struct{}), make(chan struct{})
	close(g.open)
}

func (g *gate) close() { g.relay.close() }
