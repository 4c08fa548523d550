package broker

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"presage"
)

// Server is a running broker.
type Server struct {
	cfg        Config
	nats       *server.Server
	password   presage.Secret
	url        string
	subscribed atomic.Bool
	refused    refusals
	sessions   *sessions
	owners     *owners
	certs      *certificates // nil without TLS
	closing    chan struct{}
	close      sync.Once
}

// Refusals counts what the broker refused since Start.
type Refusals struct {
	Logins        int64 // wrong password, unknown vehicle, another's client ID
	Publishes     int64 // to a topic of another: the connection was closed
	Subscriptions int64 // to a topic of another: answered with 0x80
	Payloads      int64 // above MaxPayload: the connection was closed
}

// refusals counts from many goroutines.
type refusals struct {
	logins, publishes, subscriptions, payloads atomic.Int64
}

// Refused counts what the broker refused since Start.
func (s *Server) Refused() Refusals {
	return Refusals{
		Logins: s.refused.logins.Load(), Publishes: s.refused.publishes.Load(),
		Subscriptions: s.refused.subscriptions.Load(), Payloads: s.refused.payloads.Load(),
	}
}

// Start listens and returns when clients can connect. The error of a port that
// is taken says which and how to change it.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	host, port, err := freePort(ctx, cfg.Addr)
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, password: presage.Secret(rand.Text()), closing: make(chan struct{})}
	if s.certs, err = loadCertificates(cfg.TLS, cfg.Logger); err != nil {
		return nil, err
	}
	if s.owners, err = openOwners(cfg.Dir); err != nil {
		return nil, err
	}
	s.sessions = newSessions(func(id uint64) bool { return s.nats.GetClient(id) != nil })
	d := &door{cfg: cfg, password: s.password.Reveal(), log: cfg.Logger, broker: s}
	options, err := natsOptions(cfg, host, port, d, s.certs.server())
	if err == nil {
		s.nats, err = server.NewServer(options)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("broker: %w: %w", presage.ErrInvalid, err), s.owners.close())
	}
	log := newNATSLog(cfg.Logger, &s.refused)
	log.kick = func(id uint64) { _ = s.nats.DisconnectClientByID(id) } // gone already is fine
	s.nats.SetLoggerV2(log, false, false, false)
	s.nats.Start()
	if err := s.ready(ctx, log); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	scheme := "tcp://"
	if s.certs != nil {
		scheme = "mqtts://"
		go s.certs.watch(s.closing)
	}
	port = options.MQTT.Port // NATS puts the port that it chose there
	s.url = scheme + net.JoinHostPort(dialHost(host), strconv.Itoa(port))
	return s, nil
}

func natsOptions(cfg Config, host string, port int, d *door, config *tls.Config) (*server.Options, error) {
	o := &server.Options{
		ServerName: serviceName, DontListen: true, NoSigs: true, NoSystemAccount: false,
		JetStream: true, StoreDir: cfg.Dir, JetStreamMaxStore: cfg.MaxStore,
		SyncAlways: cfg.SyncEvery == 0, SyncInterval: cfg.SyncEvery,
		JetStreamMaxMemory: 64 << 20, MaxPayload: MaxPayload, MaxPending: 256 << 20,
		CustomClientAuthentication: d,
		MQTT: server.MQTTOpts{
			Host: host, Port: port, AckWait: cfg.AckWait, MaxAckPending: cfg.MaxAckPending,
			AuthTimeout: cfg.SubscriberWait.Seconds() + 10, // a login may wait for its turn at bcrypt before
			TLSConfig:   config, TLSTimeout: 10,
			// Messages are synced one by one. After an outage a whole fleet may wait
			// for that; by default NATS would close their connections after 5 s.
			JSAPITimeout: time.Minute,
		},
	}
	if len(cfg.VehicleTopics) > 0 {
		return o, nil // OVMS modules send notify/data with QoS 2
	}
	// There is no field for it.
	return o, o.ProcessConfigString("mqtt { reject_qos2_publish: true }")
}

// ready waits until the server serves, says why it cannot, or ctx ends.
func (s *Server) ready(ctx context.Context, log *natsLog) error {
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for {
		if fault := log.fault(); fault != "" {
			return fmt.Errorf("broker: %w: %s", presage.ErrUnavailable, fault)
		}
		if s.nats.ReadyForConnections(time.Millisecond) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("broker: start: %w", ctx.Err())
		case <-deadline.C:
			return fmt.Errorf("broker: %w: not ready after 30 s", presage.ErrUnavailable)
		case <-poll.C:
		}
	}
}

// URL is where the service itself connects: tcp://HOST:PORT, or mqtts:// with TLS.
func (s *Server) URL() string { return s.url }

// ClientTLS is how the service itself connects; nil without TLS.
func (s *Server) ClientTLS() *tls.Config { return s.certs.client() }

// Credentials are the user name and password of the service's own account,
// valid until Close.
func (s *Server) Credentials() (string, presage.Secret) { return serviceName, s.password }

// Close disconnects everybody and closes the files. Messages that were
// acknowledged to their senders are there at the next Start.
func (s *Server) Close() (err error) {
	s.close.Do(func() {
		close(s.closing)
		s.nats.Shutdown()
		s.nats.WaitForShutdown()
		err = s.owners.close()
	})
	return err
}

// anyPort has NATS listen on a free port of its own choice. One that was chosen
// before and given up might be somebody else's by the time NATS listens.
const anyPort = server.RANDOM_PORT

// freePort listens for a moment, to give a clear error. Port 0 becomes anyPort.
func freePort(ctx context.Context, addr string) (host string, port int, err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		_, p, _ := net.SplitHostPort(addr)
		return "", 0, fmt.Errorf("broker: %w: port %s of %s is taken: "+
			"stop the other program or choose another port by mqtt.addr or PRESAGE_MQTT_ADDR", presage.ErrConflict, p, addr)
	}
	if err != nil {
		return "", 0, fmt.Errorf("broker: listen on %s (mqtt.addr, PRESAGE_MQTT_ADDR): %w: %w", addr, presage.ErrInvalid, err)
	}
	host, _, _ = net.SplitHostPort(addr)
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		port = a.Port
	}
	if _, asked, _ := net.SplitHostPort(addr); asked == "0" || asked == "" {
		port = anyPort
	}
	return host, port, l.Close()
}

// dialHost is the host by which a listener on host is reached from this machine.
func dialHost(host string) string {
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return "127.0.0.1"
	}
	return host
}
