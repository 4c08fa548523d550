package door

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/semaphore"

	"presage"
	"presage/internal/certfile"
	"presage/internal/throttle"
)

const (
	largeBytes      = 64 << 20 // of payloads above largePayload that are being read, of all connections
	maxUnidentified = 16_384   // connections that have not shown who they are
	maxAcceptWait   = time.Second
)

// Server is the vehicles' door. New binds the port, Run lets clients in, Close
// ends what Run left standing.
type Server struct {
	cfg      Config
	listener net.Listener
	certs    *certfile.Pair // nil without TLS
	tls      *tls.Config    // one for all connections, so that sessions resume; nil without TLS
	password presage.Secret
	registry *registry
	metrics  *metrics
	large    *semaphore.Weighted
	warnings warnings
	claims   claims

	lastCommand int64 // newest that newCommands has seen

	base         context.Context //nolint:containedctx // of connections, which outlive Run
	cancel       context.CancelFunc
	stopping     atomic.Bool
	closing      chan struct{}
	once         sync.Once
	readers      sync.WaitGroup
	wills        sync.WaitGroup
	waitingWills atomic.Int64 // bytes of wills that wait for room in the sink
}

// New binds the port. The error of one that is taken says which and how to
// change it; that of a bad configuration names every fault.
func New(ctx context.Context, cfg Config) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	s := &Server{
		cfg: cfg, password: presage.Secret(rand.Text()), registry: newRegistry(), metrics: newMetrics(cfg.Registerer),
		large:   semaphore.NewWeighted(max(largeBytes, 2*int64(cfg.MaxPayload))),
		closing: make(chan struct{}), claims: newClaims(cfg.Claims),
	}
	s.warnings.log = cfg.Logger
	s.base, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	var err error
	if cfg.TLS.Cert != "" {
		if s.certs, err = certfile.Load(cfg.TLS, cfg.Logger, wall); err != nil {
			return nil, fmt.Errorf("mqtt.tls_cert, mqtt.tls_key, mqtt.tls_client_ca: %w", err)
		}
		s.tls = s.certs.Config()
	}
	if s.listener, err = listen(ctx, cfg.Addr); err != nil {
		return nil, err
	}
	return s, nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		_, port, _ := net.SplitHostPort(addr)
		return nil, fmt.Errorf("mqtt: %w: port %s of %s is taken: "+
			"stop the other program or choose another port by mqtt.addr or PRESAGE_MQTT_ADDR", presage.ErrConflict, port, addr)
	}
	if err != nil {
		return nil, fmt.Errorf("mqtt: listen on %s (mqtt.addr, PRESAGE_MQTT_ADDR): %w: %w", addr, presage.ErrInvalid, err)
	}
	return l, nil
}

// URL is where clients connect on this machine: tcp://HOST:PORT, or mqtts:// with TLS.
func (s *Server) URL() string {
	scheme := "tcp://"
	if s.certs != nil {
		scheme = "mqtts://"
	}
	return scheme + s.dialAddr()
}

// dialAddr is the listener's address as one of this machine dials it.
func (s *Server) dialAddr() string {
	host, _, _ := net.SplitHostPort(s.cfg.Addr)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	port := 0
	if a, ok := s.listener.Addr().(*net.TCPAddr); ok {
		port = a.Port
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// Run lets clients in until ctx ends and returns when nothing more is read.
// What was handed to the sink by then is still acknowledged, until Close.
func (s *Server) Run(ctx context.Context) error {
	var tasks sync.WaitGroup
	defer tasks.Wait()
	running, stop := context.WithCancel(ctx)
	defer stop()
	tasks.Go(func() { each(running, time.Second, s.answerPings) })
	tasks.Go(func() { each(running, time.Minute, func() { s.sweep(running) }) })
	if s.cfg.Commands != nil {
		tasks.Go(func() { each(running, 2*time.Second, func() { s.newCommands(running) }) })
	}
	if s.claims.store != nil {
		s.lookForLost(running)
		tasks.Go(func() { each(running, lostEvery, func() { s.lookForLost(running) }) })
	}
	unlisten := context.AfterFunc(ctx, func() {
		s.stopping.Store(true)
		_ = s.listener.Close()
		for _, c := range s.registry.connections() {
			_ = c.nc.SetReadDeadline(time.Unix(1, 0))
		}
		for _, c := range s.registry.unidentifiedConns() {
			_ = c.raw.Close()
		}
		s.cancelWaiting()
	})
	defer unlisten()
	err := s.accept(ctx)
	if ctx.Err() != nil {
		s.readers.Wait()
		return nil
	}
	return err
}

// cancelWaiting lets readers go that wait for room in the sink: what they hold
// has no acknowledgement and comes again.
func (s *Server) cancelWaiting() {
	for _, c := range s.registry.connections() {
		if c.blocked.Load() != 0 {
			c.cancel()
		}
	}
}

// accept lets clients in. When descriptors run out it waits, and goes on when
// there are some again.
func (s *Server) accept(ctx context.Context) error {
	wait := 5 * time.Millisecond
	for {
		nc, err := s.listener.Accept()
		switch {
		case err == nil:
			wait = 5 * time.Millisecond
			s.begin(nc) //nolint:contextcheck // a connection outlives Run by its last acknowledgements
			continue
		case ctx.Err() != nil:
			return nil //nolint:nilerr // to end with ctx is what Run promises
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("mqtt: %w", err)
		}
		s.metrics.refused.WithLabelValues("accept").Inc()
		s.warn("no connection can be accepted: is the limit of open files too low (ulimit -n)?", "error", err)
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		t.Stop()
		wait = min(2*wait, maxAcceptWait)
	}
}

// begin starts a connection if there is room for it.
func (s *Server) begin(nc net.Conn) {
	c := s.newConn(s.base, nc)
	if !s.countIn(c) {
		s.metrics.refused.WithLabelValues("connection").Inc()
		s.warn("too many connections (mqtt.connections, mqtt.connections_per_address)", "remote", throttle.Network(c.from))
		c.cancel()
		_ = nc.Close()
		return
	}
	s.readers.Go(func() {
		defer s.countOut(c)
		if err := c.open(); err != nil {
			c.cancel()
			_ = c.nc.Close()
			return
		}
		c.live()
	})
}

// open finds out what the client speaks. What has not said CONNECT within
// Config.ConnectTimeout is closed.
func (c *conn) open() error {
	if c.server.tls != nil {
		if err := c.handshake(c.server.tls); err != nil {
			return err
		}
	}
	return c.sniff()
}

// Close ends the connections that Run left and forgets everything. It may be
// called without Run, and more than once.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.stopping.Store(true)
		close(s.closing)
		_ = s.listener.Close() // Run may have closed it
		var ended sync.WaitGroup
		for _, c := range s.registry.connections() {
			ended.Go(func() { s.dismiss(c) })
		}
		ended.Wait()
		s.cancel()
		s.readers.Wait()
		s.wills.Wait()
		s.leaveNode()
	})
	return nil
}

// leaveNode gives up what this door has claimed; another may have it at once.
func (s *Server) leaveNode() {
	if s.claims.store == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.claims.store.LeaveNode(ctx, s.claims.node); err != nil {
		s.warn("the sessions of this door could not be given up: others do it in two minutes", "error", err)
	}
}

// dismiss ends a connection that Run left. A client that never reads takes its
// time, so that all are dismissed at once. What is kept of its session stays: to
// move the time of ten thousand would take the store minutes.
func (s *Server) dismiss(c *conn) {
	if c.version == mqtt5 {
		c.out.send(disconnect5(reasonShuttingDown))
	}
	c.close()
	if !s.registry.leave(c) {
		return
	}
	if differs, _ := c.session.stale(wall()); differs {
		s.keepSession(context.WithoutCancel(s.base), c.session)
	}
}

// answerPings answers for clients whose reader waits for room: their pings lie behind
// what waits. An answer that was not asked for harms no client, a missing one
// ends the connection and everything comes again.
func (s *Server) answerPings() {
	now := wall().UnixNano()
	for _, c := range s.registry.connections() {
		since := c.blocked.Load()
		if since == 0 || c.keepAlive == 0 || now-max(since, c.pulsed) < int64(c.keepAlive/2) {
			continue
		}
		c.pulsed = now
		c.out.send([]byte{pingresp, 0})
	}
}

// sweep lets sessions expire that wait here; what Config.Sessions keeps of them
// is not found any more then, and is removed by whoever keeps it.
func (s *Server) sweep(ctx context.Context) {
	for _, one := range s.registry.sweep(wall()) {
		s.keepSession(ctx, one)
	}
}

// newCommands notices commands that other processes made.
func (s *Server) newCommands(ctx context.Context) {
	vins, last, err := s.cfg.Commands.NewCommands(ctx, s.lastCommand)
	if err != nil && ctx.Err() == nil {
		s.warn("commands cannot be read", "error", err)
	}
	for _, vin := range vins {
		s.Notify(vin) //nolint:contextcheck // sending ends with the connection
	}
	s.lastCommand = max(s.lastCommand, last)
}

// each does something again and again until ctx ends.
func each(ctx context.Context, every time.Duration, do func()) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do()
		}
	}
}

// source is the address that connections are counted by.
func source(a net.Addr) netip.Addr {
	if a == nil {
		return netip.Addr{}
	}
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	return throttle.Source(at.Addr())
}

// wall is the clock of the network: deadlines know no other.
func wall() time.Time { return time.Now() } //nolint:forbidigo // the network's clock is the wall's
