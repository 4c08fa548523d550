// Package providertest is what small message providers on loopback have in
// common: each keeps what it accepted and fails when it is told to.
package providertest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
)

// Provider accepts messages of type S and fails by F. Its methods are safe for
// use by several goroutines, except that Next wants Mu held.
type Provider[S, F any] struct {
	URL string

	Mu       sync.Mutex
	Accepted []S // the oldest first; under Mu
	faults   []F
	http     *httptest.Server
}

// Serve answers with h until Close.
func (p *Provider[S, F]) Serve(h http.Handler) {
	p.http = httptest.NewServer(h)
	p.URL = p.http.URL
}

// Close ends the server.
func (p *Provider[S, F]) Close() { p.http.Close() }

// Sent returns a copy of what was accepted, the oldest first.
func (p *Provider[S, F]) Sent() []S {
	p.Mu.Lock()
	defer p.Mu.Unlock()
	return slices.Clone(p.Accepted)
}

// Fail queues faults, one for each of the next requests that send.
func (p *Provider[S, F]) Fail(f ...F) {
	p.Mu.Lock()
	defer p.Mu.Unlock()
	p.faults = append(p.faults, f...)
}

// Next is what happens to this request; the zero F for nothing.
func (p *Provider[S, F]) Next() F {
	var f F
	if len(p.faults) > 0 {
		f, p.faults = p.faults[0], p.faults[1:]
	}
	return f
}
