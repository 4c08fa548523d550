package gbt32960

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"presage"
)

// Gateway is a TCP server for terminals. Run it once.
type Gateway struct {
	cfg     Config
	metrics *metrics

	mu       sync.Mutex
	sessions map[presage.VIN]*conn // who is logged in, and where
}

// NewGateway returns a gateway that Run starts. The error names every fault of cfg.
func NewGateway(cfg Config) (*Gateway, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Gateway{
		cfg: cfg.withDefaults(), metrics: newMetrics(cfg.Registerer), sessions: map[presage.VIN]*conn{},
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

// login makes c the connection of vin; one that was it before is closed, for a
// terminal that lost its line does not say goodbye.
func (g *Gateway) login(vin presage.VIN, c *conn) {
	g.mu.Lock()
	before := g.sessions[vin]
	g.sessions[vin] = c
	g.mu.Unlock()
	if before != nil && before != c {
		g.metrics.errors.WithLabelValues(errSuperseded).Inc()
		before.cancel()
	}
}

// logout forgets c, unless the vehicle has logged in elsewhere since.
func (g *Gateway) logout(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.vin != "" && g.sessions[c.vin] == c {
		delete(g.sessions, c.vin)
	}
}
