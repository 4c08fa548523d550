package gbt32960

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"presage"
)

// Gateway is a TCP server for terminals. Run it once.
type Gateway struct {
	cfg     Config
	metrics *metrics

	mu       sync.Mutex
	sessions map[presage.VIN][]*conn // who is logged in, at most PerVehicle times
}

// NewGateway returns a gateway that Run starts. The error names every fault of cfg.
func NewGateway(cfg Config) (*Gateway, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Gateway{
		cfg: cfg.withDefaults(), metrics: newMetrics(cfg.Registerer), sessions: map[presage.VIN][]*conn{},
	}, nil
}

// Addr is where the gateway listens.
func (g *Gateway) Addr() net.Addr { return g.cfg.Listener.Addr() }

// drainTime is how long responses on their way are waited for at the end.
const drainTime = 5 * time.Second

// Run accepts connections until ctx ends, then reads no more, sends the
// responses to what becomes durable within five seconds, closes every
// connection and returns nil. The sink must outlive Run.
func (g *Gateway) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = g.cfg.Listener.Close() })
	defer stop()
	var conns sync.WaitGroup
	defer conns.Wait()
	places := make(chan struct{}, g.cfg.Connections)
	wait := 5 * time.Millisecond
	for {
		nc, err := g.cfg.Listener.Accept()
		if ctx.Err() != nil {
			if err == nil {
				_ = nc.Close()
			}
			return nil // to end with ctx is what Run promises
		}
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("gb/t 32960 gateway: %w", err)
		}
		if err != nil { // out of file descriptors, most likely: others will close
			g.cfg.Logger.WarnContext(ctx, "gbt32960: accept", slog.Any("error", err), slog.Duration("retry_in", wait))
			pause(ctx, wait)
			wait = min(2*wait, time.Second)
			continue
		}
		wait = 5 * time.Millisecond
		if !g.allowed(nc.RemoteAddr()) {
			g.metrics.errors.WithLabelValues(errNotAllowed).Inc()
			_ = nc.Close()
			continue
		}
		select {
		case places <- struct{}{}:
		default:
			g.metrics.errors.WithLabelValues(errTooMany).Inc()
			_ = nc.Close()
			continue
		}
		g.metrics.connections.Inc()
		conns.Go(func() {
			defer func() {
				<-places
				g.metrics.connections.Dec()
			}()
			newConn(g, nc).serve(ctx)
		})
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// allowed tells whether a terminal may connect from where it does.
func (g *Gateway) allowed(from net.Addr) bool {
	if len(g.cfg.Allow) == 0 {
		return true
	}
	at, err := netip.ParseAddrPort(from.String())
	addr := at.Addr().Unmap()
	return err == nil && slices.ContainsFunc(g.cfg.Allow, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// login makes c a connection of vin, beside those that are there. False: the
// vehicle has as many as it may, and all are in use.
func (g *Gateway) login(vin presage.VIN, c *conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	cs := g.sessions[vin]
	if slices.Contains(cs, c) {
		return true
	}
	if len(cs) >= g.cfg.PerVehicle {
		stale := slices.MinFunc(cs, func(a, b *conn) int { return cmp.Compare(a.heard.Load(), b.heard.Load()) })
		if time.Since(time.Unix(0, stale.heard.Load())) < g.cfg.StaleAfter {
			return false
		}
		g.metrics.errors.WithLabelValues(errStale).Inc()
		stale.cancel()
		cs = slices.DeleteFunc(cs, func(x *conn) bool { return x == stale })
	}
	g.sessions[vin] = append(cs, c)
	return true
}

// logout forgets c.
func (g *Gateway) logout(vin presage.VIN, c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	cs := slices.DeleteFunc(g.sessions[vin], func(x *conn) bool { return x == c })
	if len(cs) == 0 {
		delete(g.sessions, vin)
		return
	}
	g.sessions[vin] = cs
}

// Disconnect ends the connections of a vehicle; what was taken in is answered.
func (g *Gateway) Disconnect(vin presage.VIN) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range g.sessions[vin] {
		c.cancel()
	}
}
