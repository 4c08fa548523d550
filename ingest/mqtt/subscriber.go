package mqtt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage"
	"presage/ingest"
)

// Subscriber feeds a sink from a broker. Run once; Ready at any time.
type Subscriber struct {
	cfg    Config
	broker *url.URL
	sink   Sink

	arrivals  arrivals
	started   time.Time // the origin of a clock that never steps
	forgetful bool      // Memory's failing was said

	mu     sync.Mutex
	err    error   // why there is no connection; nil when subscribed
	window *window // of the present connection
}

// New returns a subscriber that Run starts. The error names every fault of cfg.
func New(cfg Config, sink Sink) (*Subscriber, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	u, err := brokerURL(cfg.Broker)
	if err != nil {
		return nil, err
	}
	return &Subscriber{
		cfg: cfg.withDefaults(), broker: u, sink: sink,
		err:     errors.New("not connected yet"),
		started: time.Now(), //nolint:forbidigo // only differences to it count
	}, nil
}

// Ready is nil while the subscriptions stand, else an ErrUnavailable with the reason.
func (s *Subscriber) Ready(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return fmt.Errorf("mqtt broker %s: %w: %w", s.broker.Host, presage.ErrUnavailable, s.err)
	}
	return nil
}

func (s *Subscriber) state(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

// Run connects, subscribes and feeds the sink until ctx ends, and then returns
// nil. It connects again, with growing waits, whenever the connection is lost
// or refused. The session stays at the broker, which keeps what arrives until
// the next Run.
func (s *Subscriber) Run(ctx context.Context) error {
	s.recall(ctx)
	var ticking sync.WaitGroup
	ticking.Go(func() { s.tick(ctx) })
	defer func() {
		ticking.Wait()
		s.remember(ctx, true)
	}()
	retry := s.cfg.RetryMin
	for {
		subscribed, err := s.connection(ctx)
		if ctx.Err() != nil {
			s.state(errors.New("stopped"))
			return nil // to end with ctx is what Run promises
		}
		if subscribed {
			retry = s.cfg.RetryMin
		}
		s.state(err)
		s.cfg.Logger.WarnContext(ctx, "mqtt: no connection", slog.String("broker", s.broker.Redacted()),
			slog.Any("error", err), slog.Duration("retry_in", retry))
		t := time.NewTimer(retry)
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		t.Stop()
		retry = min(2*retry, s.cfg.RetryMax)
	}
}

// connection lives through one connection and tells why it ended.
func (s *Subscriber) connection(ctx context.Context) (subscribed bool, err error) {
	w := newWindow(s.cfg.Window, s.cfg.WindowBytes, s.cfg.Metrics)
	w.clock = s.instant
	s.mu.Lock()
	s.window = w
	s.mu.Unlock()
	lost := make(chan error, 1)
	o := clientOptions(s.broker, s.cfg.ClientID, s.cfg.ConnectTimeout, s.cfg.TLS)
	o.SetCleanSession(false).SetKeepAlive(s.cfg.KeepAlive).SetPingTimeout(s.cfg.ConnectTimeout)
	if s.cfg.Username != "" {
		o.AddBroker(withoutUser(s.broker)).SetUsername(s.cfg.Username).SetPassword(s.cfg.Password.Reveal())
		o.Servers = o.Servers[1:]
	}
	o.SetCustomOpenConnectionFn(func(u *url.URL, o paho.ClientOptions) (net.Conn, error) {
		conn, err := dial(ctx, u, s.cfg.TLS, o)
		if err != nil {
			return nil, err
		}
		l := newLink(conn, w, s.cfg.Now)
		l.limit = s.cfg.MaxPayload
		l.watch = &watch{arrivals: &s.arrivals, clock: s.instant, empty: w.emptySince}
		w.on(l)
		return l, nil
	})
	o.SetConnectionLostHandler(func(_ paho.Client, err error) { lost <- err })
	client := paho.NewClient(o)
	if err := wait(ctx, client.Connect(), s.cfg.ConnectTimeout); err != nil {
		client.Disconnect(0)
		return false, fmt.Errorf("connect: %w", err)
	}
	return s.serve(ctx, client, w, lost)
}

// serve subscribes and feeds the sink for as long as client is connected.
func (s *Subscriber) serve(ctx context.Context, client paho.Client, w *window, lost <-chan error) (bool, error) {
	feeding, stop := context.WithCancel(ctx)
	fed := make(chan error, 1)
	var feeder sync.WaitGroup
	feeder.Go(func() { fed <- s.feed(feeding, w) })
	defer func() { // in this order: no more messages in, then no more out
		w.close()
		client.Disconnect(250)
		stop()
		feeder.Wait()
	}()
	if err := s.subscribe(ctx, client); err != nil {
		return false, err
	}
	s.arrivals.subscribe()
	s.state(nil)
	s.cfg.Logger.InfoContext(ctx, "mqtt: subscribed", slog.String("broker", s.broker.Redacted()))
	select {
	case <-ctx.Done():
		s.arrivals.lose(s.instant(), true) // we end it, and have everything until now
		return true, ctx.Err()
	case err := <-fed:
		return true, err
	case err := <-lost:
		return true, fmt.Errorf("connection lost: %w", err)
	}
}

// subscribe asks for every topic with QoS 1; a refused one is an error.
func (s *Subscriber) subscribe(ctx context.Context, client paho.Client) error {
	filters := make(map[string]byte, len(s.cfg.Topics))
	for _, t := range s.cfg.Topics {
		filters[t] = 1
	}
	token := client.SubscribeMultiple(filters, nil)
	if err := wait(ctx, token, s.cfg.ConnectTimeout); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	if t, ok := token.(*paho.SubscribeToken); ok {
		for topic, qos := range t.Result() {
			if qos > 2 {
				return fmt.Errorf("subscribe to %q: %w by the broker", topic, presage.ErrForbidden)
			}
		}
	}
	return nil
}

// feed moves the window into the sink until ctx ends or the sink stops.
func (s *Subscriber) feed(ctx context.Context, w *window) error {
	submit := func(ms []ingest.Message) error { return submitEach(ctx, s.sink, ms, w) }
	if runs, ok := s.sink.(RunSink); ok {
		submit = func(ms []ingest.Message) error { return runs.SubmitAll(ctx, ms, w) }
	}
	var spare []ingest.Message
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.arrived:
		}
		run := w.take(spare)
		if err := submit(run); err != nil {
			return err
		}
		clear(run) // pins nothing
		spare = run
	}
}

// submitEach is for a sink that takes one message at a time.
func submitEach(ctx context.Context, sink Sink, ms []ingest.Message, w *window) error {
	for _, m := range ms {
		m.Ack = func() { w.Durable(1) }
		if err := sink.Submit(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func withoutUser(u *url.URL) string {
	bare := *u
	bare.User = nil
	return bare.String()
}
