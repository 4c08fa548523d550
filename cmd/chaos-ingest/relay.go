package main

import (
	"context"
	"errors"
	"net"
	"sync"
)

// relay takes connections on a free loopback port and joins each with one to
// target. Where target does not answer the connection is closed.
type relay struct {
	listener net.Listener
	target   string
	// join moves bytes both ways until either side ends.
	join func(client, server net.Conn)

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	group sync.WaitGroup
}

func startRelay(ctx context.Context, target string, join func(client, server net.Conn)) (*relay, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{listener: l, target: target, join: join, conns: map[net.Conn]struct{}{}}
	r.group.Go(func() { r.accept(ctx) })
	return r, nil
}

func (r *relay) address() string { return r.listener.Addr().String() }

func (r *relay) accept(ctx context.Context) {
	for {
		client, err := r.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		r.group.Go(func() { r.carry(ctx, client) })
	}
}

func (r *relay) carry(ctx context.Context, client net.Conn) {
	var d net.Dialer
	server, err := d.DialContext(ctx, "tcp", r.target)
	if err != nil {
		_ = client.Close()
		return
	}
	r.mu.Lock()
	r.conns[client], r.conns[server] = struct{}{}, struct{}{}
	r.mu.Unlock()
	r.join(client, server)
	_, _ = client.Close(), server.Close()
	r.mu.Lock()
	delete(r.conns, client)
	delete(r.conns, server)
	r.mu.Unlock()
}

// cut closes every connection there is.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		_ = c.Close()
	}
}

func (r *relay) close() {
	_ = r.listener.Close()
	r.cut()
	r.group.Wait()
}

// both runs there and back at once and ends both when one ends.
func both(client, server net.Conn, there, back func()) {
	var group sync.WaitGroup
	for _, way := range []func(){there, back} {
		group.Go(func() {
			way()
			_, _ = client.Close(), server.Close()
		})
	}
	group.Wait()
}
