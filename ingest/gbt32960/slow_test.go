package gbt32960_test

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
	"presage/ingest/gbt32960/frame"
)

// pipes is a listener whose connections are in memory, so that the clock is a test's.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case nc := <-p.conns:
		return nc, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (*pipes) Addr() net.Addr { return &net.TCPAddr{} }

// durable is a sink that makes everything durable at once.
type durable struct{}

func (durable) Submit(_ context.Context, m ingest.Message) error {
	m.Ack()
	return nil
}

// slowly runs f with terminals of a gateway, on a clock of its own. change may
// alter the gateway's defaults.
func slowly(t *testing.T, change func(*gbt32960.Config), f func(w *world, dial func() *terminal)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		w := &world{tb: t, registry: prometheus.NewRegistry()}
		cfg := gbt32960.Config{Listener: l, Sink: durable{}, Now: now, Registerer: w.registry}
		if change != nil {
			change(&cfg)
		}
		g, err := gbt32960.NewGateway(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- g.Run(ctx) }()
		f(w, func() *terminal {
			near, far := net.Pipe()
			l.conns <- far
			return &terminal{tb: t, nc: near}
		})
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// A frame has thirty seconds from its first byte to its last, not from each
// byte to the next one.
func TestFramesThatTrickleAreGivenUp(t *testing.T) {
	t.Parallel()
	slowly(t, nil, func(w *world, dial func() *terminal) {
		c := dial()
		c.send(command(vinA, frame.Login, make([]byte, 26)))
		c.want(frame.Login, frame.OK)
		time.Sleep(time.Minute) // idle: nothing is begun
		engine := engineAt(vinA, 1)
		for i := range 3 { // at 0, 14 and 28 s
			c.send(engine[i : i+1])
			time.Sleep(14 * time.Second)
		}
		if got := w.metric("presage_gbt32960_errors_total", frame.WhyLength); got == 0 {
			t.Error("42 s after its first byte a frame is waited for")
		}
		c.send(engine)
		c.want(frame.Realtime, frame.OK)
		c.send(engine[:20]) // a frame in two halves within its time
		time.Sleep(20 * time.Second)
		c.send(engine[20:])
		c.want(frame.Realtime, frame.OK)
	})
}

// Who does not log in is gone after thirty seconds, whatever it sends.
func TestLoginHasADeadline(t *testing.T) {
	t.Parallel()
	slowly(t, nil, func(w *world, dial func() *terminal) {
		good, silent, slow := dial(), dial(), dial()
		good.send(command(vinA, frame.Login, make([]byte, 26)))
		good.want(frame.Login, frame.OK)
		for range 3 { // at 0, 14 and 28 s
			slow.send(command(vinA, frame.Heartbeat, nil))
			slow.want(frame.Heartbeat, frame.Failed)
			time.Sleep(14 * time.Second)
		}
		for _, c := range []*terminal{silent, slow} {
			if _, err := c.nc.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				t.Errorf("42 s without a login: %v", err)
			}
		}
		if got := w.metric("presage_gbt32960_errors_total", "login_timeout"); got != 2 {
			t.Errorf("%g counted", got)
		}
		good.send(engineAt(vinA, 1))
		good.want(frame.Realtime, frame.OK)
	})
}

// A frame of more than 1 KiB is taken after the login alone, and may come right behind it.
func TestLargeFramesNeedALogin(t *testing.T) {
	t.Parallel()
	slowly(t, nil, func(w *world, dial func() *terminal) {
		large := command(vinA, frame.Realtime, slices.Concat([]byte{0x80, 0x07, 0xD0}, make([]byte, 2000))) // a maker's own
		early := dial()
		early.send(large)
		synctest.Wait()
		if got := w.metric("presage_gbt32960_errors_total", frame.WhyLength); got == 0 {
			t.Error("a frame of 2 KB is taken before the login")
		}
		late := dial()
		late.send(command(vinA, frame.Login, make([]byte, 26)), large)
		late.want(frame.Login, frame.OK)
		late.want(frame.Realtime, frame.OK)
	})
}

// Every limit closes the connection that exceeds it, or costs it a frame.
func TestLimits(t *testing.T) {
	t.Parallel()
	limits := func(c *gbt32960.Config) {
		c.Connections, c.IdleTimeout, c.FrameTimeout, c.FrameBytes, c.Faults = 2, time.Minute, 10*time.Second, 100, 3
	}
	slowly(t, limits, func(w *world, dial func() *terminal) {
		login := func(vin presage.VIN) *terminal {
			c := dial()
			c.send(command(vin, frame.Login, make([]byte, 26)))
			c.want(frame.Login, frame.OK)
			return c
		}
		a, other := login(vinA), login(vinB)
		dial().closed() // one too many
		other.nc.Close()
		noise := make([]byte, 60)
		for range 3 {
			a.send(noise, engineAt(vinA, 1)[:30], noise)
		}
		a.closed()
		synctest.Wait()
		if n := w.metric("presage_gbt32960_connections", ""); n != 0 {
			t.Errorf("%g connections, both are gone", n)
		}
		b, half := login(vinB), engineAt(vinB, 2)
		b.send(half[:20])
		time.Sleep(11 * time.Second)
		if w.metric("presage_gbt32960_errors_total", frame.WhyLength) == 0 {
			t.Error("half a frame is waited for")
		}
		b.send(half)
		b.want(frame.Realtime, frame.OK)
		b.send(command(vinB, frame.Realtime, make([]byte, 90))) // too long a frame is noise
		time.Sleep(2 * time.Minute)                             // then silence
		b.closed()
		if w.metric("presage_gbt32960_errors_total", "idle") == 0 || w.metric("presage_gbt32960_errors_total", "too_many_connections") != 1 {
			t.Error("not counted")
		}
	})
}
