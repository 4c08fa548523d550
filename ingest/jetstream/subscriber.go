package jetstream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"presage"
	"presage/ingest"
)

const (
	// fetchFor bounds one request for messages, and fetchMost its messages.
	fetchFor  = 2 * time.Second
	fetchMost = 256
	// maxAckPending is what all processes together may hold: 32 windows.
	maxAckPending = 65_536
	// stopTimeout bounds waiting for the stores at the end.
	stopTimeout = 3 * time.Second
	headBytes   = 4 << 10 // kept of a payload above the limit
)

// Subscriber feeds a sink from a cluster. Run once; Ready at any time.
type Subscriber struct {
	cfg     Config
	filters []string
	sink    Sink
	window  *window

	mu       sync.Mutex
	err      error              // why nothing is pulled; nil while something is
	consumer jetstream.Consumer // nil while nothing is pulled
}

// New returns a subscriber that Run starts. The error names every fault of cfg.
func New(cfg Config, sink Sink) (*Subscriber, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	filters, err := subjects(cfg.Topics)
	if err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	return &Subscriber{
		cfg: cfg, filters: filters, sink: sink, window: newWindow(cfg.Window, cfg.WindowBytes, cfg.Held),
		err: errors.New("not connected yet"),
	}, nil
}

// Ready is nil when the cluster answers for the consumer, else an ErrUnavailable
// with the reason.
func (s *Subscriber) Ready(ctx context.Context) error {
	s.mu.Lock()
	err, consumer := s.err, s.consumer
	s.mu.Unlock()
	if err == nil {
		err = s.look(ctx, consumer)
	}
	if err != nil {
		return fmt.Errorf("nats %s: %w: %w", s.servers(), presage.ErrUnavailable, err)
	}
	return nil
}

func (s *Subscriber) servers() string { return strings.Join(s.cfg.Servers, ",") }

// look asks the cluster what waits.
func (s *Subscriber) look(ctx context.Context, consumer jetstream.Consumer) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	info, err := consumer.Info(ctx)
	if err != nil {
		return fmt.Errorf("consumer %s: %w", s.cfg.Consumer, err)
	}
	s.cfg.Metrics.wait(info.NumPending)
	return nil
}

func (s *Subscriber) state(consumer jetstream.Consumer, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.consumer, s.err = consumer, err
}

// Run pulls and feeds the sink until ctx ends, and then returns nil; or until the
// sink has stopped, with its error. It goes on, after growing waits, whatever happens
// to the cluster. At its end it waits three seconds for what it holds to become
// durable; the rest it gives back.
func (s *Subscriber) Run(ctx context.Context) error {
	conn, err := s.connect(ctx)
	if err != nil {
		return fmt.Errorf("nats %s: %w", s.servers(), err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return fmt.Errorf("nats %s: %w", s.servers(), err)
	}
	beating, stop := context.WithCancel(context.WithoutCancel(ctx))
	var beat sync.WaitGroup
	beat.Go(func() { s.beat(beating) })
	stopped := s.pullAll(ctx, conn, js)
	s.state(nil, errors.New("stopped"))
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	s.window.empty(ending)
	stop()
	beat.Wait()
	s.window.close()
	_ = conn.FlushWithContext(ending) // what does not arrive costs the wait for AckWait
	return stopped
}

// stoppedError is why the sink takes nothing any more.
type stoppedError struct{ error }

// connect returns a connection that keeps itself up.
func (s *Subscriber) connect(ctx context.Context) (*nats.Conn, error) {
	tell := func(what string) nats.ConnErrHandler {
		return func(_ *nats.Conn, err error) {
			if err != nil {
				s.cfg.Logger.WarnContext(ctx, "nats: "+what, slog.String("servers", s.servers()), slog.Any("error", err))
			}
		}
	}
	options := []nats.Option{
		nats.Name("presage"), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true), nats.IgnoreAuthErrorAbort(),
		nats.Timeout(s.cfg.Timeout), nats.ReconnectWait(s.cfg.RetryMin), nats.PingInterval(5 * time.Second),
		nats.DisconnectErrHandler(tell("connection lost")), nats.ReconnectErrHandler(tell("no connection")),
		nats.ErrorHandler(func(c *nats.Conn, _ *nats.Subscription, err error) { tell("refused")(c, err) }),
	}
	if s.cfg.Username != "" {
		options = append(options, nats.UserInfo(s.cfg.Username, s.cfg.Password.Reveal()))
	}
	if s.cfg.TLS != nil {
		options = append(options, nats.Secure(s.cfg.TLS))
	}
	return nats.Connect(s.servers(), options...)
}

// beat says that what is held is worked at, until ctx ends.
func (s *Subscriber) beat(ctx context.Context) {
	t := time.NewTicker(s.cfg.AckWait / 3)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			s.window.beat()
		}
	}
}

// pullAll pulls until ctx ends, which is nil, or the sink has stopped.
func (s *Subscriber) pullAll(ctx context.Context, conn *nats.Conn, js jetstream.JetStream) error {
	retry := s.cfg.RetryMin
	for {
		some, err := s.pull(ctx, conn, js)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // to end with ctx is what Run promises
		}
		if stopped, ok := errors.AsType[stoppedError](err); ok {
			return stopped.error
		}
		if some {
			retry = s.cfg.RetryMin
		}
		s.state(nil, err)
		s.cfg.Logger.WarnContext(ctx, "nats: nothing is pulled", slog.String("servers", s.servers()),
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

// pull finds or makes the consumer and pulls until something fails.
func (s *Subscriber) pull(ctx context.Context, conn *nats.Conn, js jetstream.JetStream) (some bool, err error) {
	consumer, err := s.ensure(ctx, js)
	if err != nil {
		return false, err
	}
	s.state(consumer, nil)
	s.cfg.Logger.InfoContext(ctx, "nats: pulling", slog.String("server", conn.ConnectedUrlRedacted()))
	for {
		room, err := s.window.room(ctx, max(1, conn.MaxPayload()))
		if err != nil {
			return some, err
		}
		batch, err := consumer.Fetch(min(room, fetchMost), jetstream.FetchMaxWait(fetchFor))
		if err != nil {
			return some, fmt.Errorf("pull: %w", err)
		}
		n, err := s.take(ctx, batch)
		if some = some || n > 0; err != nil {
			return some, fmt.Errorf("pull: %w", err)
		}
	}
}

// ensure is the consumer as it is wanted.
func (s *Subscriber) ensure(ctx context.Context, js jetstream.JetStream) (jetstream.Consumer, error) {
	limited, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	consumer, err := js.CreateOrUpdateConsumer(limited, Stream, jetstream.ConsumerConfig{
		Durable: s.cfg.Consumer, FilterSubjects: s.filters,
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: s.cfg.AckWait, MaxAckPending: maxAckPending, MaxDeliver: -1,
	})
	if errors.Is(err, jetstream.ErrStreamNotFound) && s.cfg.Prepare != nil {
		if made := s.cfg.Prepare(ctx); made != nil {
			return nil, fmt.Errorf("stream %s: %w: log in at the MQTT gateway, which makes it: %w", Stream, err, made)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("consumer %s of stream %s: %w", s.cfg.Consumer, Stream, err)
	}
	return consumer, nil
}

// take hands over a batch as it comes and returns how many messages it had. What
// is left of it when ctx ends comes again.
func (s *Subscriber) take(ctx context.Context, batch jetstream.MessageBatch) (n int, err error) {
	var run []ingest.Message
	for {
		run = s.gather(ctx, run[:0], batch.Messages())
		if len(run) == 0 {
			return n, errors.Join(batch.Error(), ctx.Err())
		}
		n += len(run)
		if err := s.sink.SubmitAll(ctx, run, s.window); err != nil {
			return n, stoppedError{err}
		}
		clear(run) // pins nothing
	}
}

// gather waits for a message and takes those that are there with it; none: they
// have ended, or ctx has.
func (s *Subscriber) gather(ctx context.Context, run []ingest.Message, from <-chan jetstream.Msg) []ingest.Message {
	select {
	case <-ctx.Done():
		return run
	case m, more := <-from:
		if !more {
			return run
		}
		run = s.receive(run, m)
	}
	for {
		select {
		case m, more := <-from:
			if !more {
				return run
			}
			run = s.receive(run, m)
		default:
			return run
		}
	}
}

// receive adds a message to a run and to the window.
func (s *Subscriber) receive(run []ingest.Message, m jetstream.Msg) []ingest.Message {
	out := ingest.Message{Topic: topic(m.Subject()), Payload: m.Data(), Received: s.cfg.Now()}
	size := int64(len(out.Payload) + len(out.Topic))
	if n := len(out.Payload); n > s.cfg.MaxPayload { // the head becomes a letter that is too_large
		out.Size, out.Payload = int64(n), append([]byte(nil), out.Payload[:min(n, headBytes)]...)
	}
	if meta, err := m.Metadata(); err == nil {
		out.Sent = meta.Timestamp
		s.cfg.Metrics.deliver(meta.NumDelivered, meta.NumPending)
	}
	s.window.add(m, size)
	return append(run, out)
}
