package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"presage"
)

// Pipeline takes messages in and makes them durable in batches. See the
// package comment for the order of things. All methods may be called at the
// same time; Run once.
type Pipeline struct {
	cfg     Config
	deps    Deps
	log     *slog.Logger
	metrics *metrics

	in      chan *item
	bytes   *semaphore.Weighted
	stopped chan struct{} // closed when Run returns
	started sync.Once
	known   knownVehicles
	rate    *limiter

	mu      sync.Mutex
	holding error // why nothing is written now
}

// item is a submitted message on its way, or a mark that Flush waits for.
type item struct {
	msg     Message
	weight  int64
	mark    chan struct{}
	redrive chan []Fault // answers a re-driven letter; its faults are not stored again

	vin     presage.VIN
	kind    topicKind
	samples []presage.Sample
	events  []presage.Event
	faults  []Fault
}

// New returns a pipeline that Run starts. The error names every fault of cfg and deps.
func New(cfg Config, deps Deps) (*Pipeline, error) {
	if err := errors.Join(cfg.Validate(), deps.validate()); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	log := deps.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Pipeline{
		cfg: cfg, deps: deps, log: log, metrics: newMetrics(deps.Registerer),
		in:      make(chan *item, cfg.QueueMessages),
		bytes:   semaphore.NewWeighted(cfg.QueueBytes),
		stopped: make(chan struct{}),
		known:   knownVehicles{},
		rate:    newLimiter(cfg.RatePerVehicle, cfg.RateBurst),
	}, nil
}

// Submit queues m and returns; m.Ack is called later. It blocks while the
// queue is full. The error is ctx's, or ErrUnavailable when the pipeline has
// stopped; m is not acknowledged then.
func (p *Pipeline) Submit(ctx context.Context, m Message) error {
	return p.submit(ctx, &item{msg: m})
}

func (p *Pipeline) submit(ctx context.Context, it *item) error {
	it.weight = min(int64(len(it.msg.Payload)), p.cfg.QueueBytes)
	if err := p.room(ctx, it.weight); err != nil {
		return fmt.Errorf("submit a message: %w", err)
	}
	select {
	case p.in <- it:
		p.metrics.queued.Inc()
		p.metrics.queuedBytes.Add(float64(it.weight))
		return nil
	case <-ctx.Done():
		p.bytes.Release(it.weight)
		return fmt.Errorf("submit a message: %w", ctx.Err())
	case <-p.stopped:
		p.bytes.Release(it.weight)
		return fmt.Errorf("submit a message: %w: the pipeline has stopped", presage.ErrUnavailable)
	}
}

// room waits until weight bytes may be queued.
func (p *Pipeline) room(ctx context.Context, weight int64) error {
	if p.bytes.TryAcquire(weight) {
		return nil
	}
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-p.stopped:
			cancel()
		case <-waiting.Done():
		}
	}()
	err := p.bytes.Acquire(waiting, weight)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: the pipeline has stopped", presage.ErrUnavailable)
	}
	return err
}

// Flush returns when everything submitted before the call is durable and
// acknowledged. It does not wait for Linger.
func (p *Pipeline) Flush(ctx context.Context) error {
	mark := &item{mark: make(chan struct{})}
	if err := p.submit(ctx, mark); err != nil {
		return err
	}
	select {
	case <-mark.mark:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("flush: %w", ctx.Err())
	case <-p.stopped:
		return fmt.Errorf("flush: %w: the pipeline has stopped", presage.ErrUnavailable)
	}
}

// Run works until ctx ends and then returns nil; what is not durable by then
// is not acknowledged (call Flush before to lose no work). A second call is a
// programmer's mistake and panics.
func (p *Pipeline) Run(ctx context.Context) error {
	first := false
	p.started.Do(func() { first = true })
	if !first {
		panic("ingest: Run was called twice")
	}
	defer close(p.stopped)
	batches := make(chan *batch)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.collect(ctx, batches) })
	g.Go(func() error { return p.commitAll(ctx, batches) })
	if err := g.Wait(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("ingest: %w", err)
	}
	return nil
}

// Ready is nil when messages are being made durable, else an ErrUnavailable
// with the error that holds them.
func (p *Pipeline) Ready(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.holding != nil {
		return fmt.Errorf("ingest holds messages: %w: %w", presage.ErrUnavailable, p.holding)
	}
	return nil
}

func (p *Pipeline) hold(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.holding = err
	p.metrics.holding.Set(0)
	if err != nil {
		p.metrics.holding.Set(1)
	}
}
