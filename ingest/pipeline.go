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

	in       chan []item
	messages *semaphore.Weighted
	bytes    *semaphore.Weighted
	finished chan struct{} // a token for every batch that has become durable
	memory   sync.Pool     // of *batch
	stopped  chan struct{} // closed when Run returns
	started  sync.Once

	lastSeen lastSeen // of the finishing goroutine
	knowing  sync.Mutex
	known    knownVehicles
	spacer   *spacer   // of the collecting goroutine
	units    unitTraps // of the collecting goroutine
	fleet    *fleetClock

	register register                 // guarded by knowing
	told     map[presage.VIN]struct{} // of names that were not stored; guarded by knowing
	rate     *limiter

	mu      sync.Mutex
	holding map[*batch]error // why nothing is written now
}

// item is a submitted message on its way, or a mark that Flush waits for.
type item struct {
	msg     Message
	from    Source // told instead of msg.Ack; nil for none
	weight  int64
	mark    chan struct{}
	redrive chan []Fault // answers a re-driven letter; its faults are not stored again

	vin     presage.VIN
	kind    topicKind
	unknown bool             // it may hold readings that the signal table does not
	samples []presage.Sample // in the batch's memory
	events  []presage.Event
	faults  []Fault
	odd     bool     // a reading is out of its typical range
	decoded *Decoded // by a Format, of a message whose times are judged again
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
	p := &Pipeline{
		cfg: cfg, deps: deps, log: log, metrics: newMetrics(deps.Registerer),
		in:       make(chan []item, cfg.QueueMessages),
		messages: semaphore.NewWeighted(int64(cfg.QueueMessages)),
		bytes:    semaphore.NewWeighted(cfg.QueueBytes),
		finished: make(chan struct{}, cfg.Writers),
		memory:   sync.Pool{New: func() any { return newBatch() }},
		stopped:  make(chan struct{}),
		known:    knownVehicles{},
		told:     map[presage.VIN]struct{}{},
		holding:  map[*batch]error{},
		rate:     newLimiter(cfg.RatePerVehicle, cfg.RateBurst),
		spacer:   newSpacer(),
		fleet:    newFleetClock(),
	}
	p.metrics.clock(deps.Registerer, p)
	return p, nil
}

// Submit queues m and returns; m.Ack is called later. It blocks while the
// queue is full. The error is ctx's, or ErrUnavailable when the pipeline has
// stopped; m is not acknowledged then.
func (p *Pipeline) Submit(ctx context.Context, m Message) error {
	return p.submit(ctx, []item{{msg: m}})
}

// SubmitAll queues messages in order, as Submit does it one by one, but for
// their Ack, which is not called: from is told when they are durable. ms may
// be used again after the call. After an error a first part of them is queued
// and will be named to from.
func (p *Pipeline) SubmitAll(ctx context.Context, ms []Message, from Source) error {
	for len(ms) > 0 {
		n, weight := 0, int64(0)
		for n < len(ms) && n < p.run() {
			w := p.weight(ms[n])
			if n > 0 && weight+w > p.cfg.QueueBytes/4 {
				break
			}
			n, weight = n+1, weight+w
		}
		run := make([]item, n)
		for i, m := range ms[:n] {
			m.Ack, m.Told = nil, nil
			run[i] = item{msg: m, from: from}
		}
		if err := p.submit(ctx, run); err != nil {
			return err
		}
		ms = ms[n:]
	}
	return nil
}

// run is how many messages are queued at once at the most.
func (p *Pipeline) run() int { return min(256, max(1, p.cfg.QueueMessages/4)) }

func (p *Pipeline) weight(m Message) int64 {
	return min(int64(len(m.Payload)+len(m.Topic)), p.cfg.QueueBytes)
}

func (p *Pipeline) submit(ctx context.Context, run []item) error {
	weight := int64(0)
	for i := range run {
		run[i].weight = p.weight(run[i].msg)
		weight += run[i].weight
	}
	if err := p.room(ctx, p.messages, int64(len(run))); err != nil {
		return fmt.Errorf("submit a message: %w", err)
	}
	if err := p.room(ctx, p.bytes, weight); err != nil {
		p.messages.Release(int64(len(run)))
		return fmt.Errorf("submit a message: %w", err)
	}
	p.metrics.queued.Add(float64(len(run)))
	p.metrics.queuedBytes.Add(float64(weight))
	p.in <- run // there is room: a run has a message at least
	return nil
}

// room waits until there is weight to take from the bound s.
func (p *Pipeline) room(ctx context.Context, s *semaphore.Weighted, weight int64) error {
	select {
	case <-p.stopped:
		return fmt.Errorf("%w: the pipeline has stopped", presage.ErrUnavailable)
	default:
	}
	if s.TryAcquire(weight) {
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
	err := s.Acquire(waiting, weight)
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: the pipeline has stopped", presage.ErrUnavailable)
	}
	return err
}

// Flush returns when everything submitted before the call is durable and
// acknowledged. It does not wait for Linger.
func (p *Pipeline) Flush(ctx context.Context) error {
	mark := make(chan struct{})
	if err := p.submit(ctx, []item{{mark: mark}}); err != nil {
		return err
	}
	select {
	case <-mark:
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
	g, ctx := errgroup.WithContext(ctx)
	inOrder := make(chan *batch, p.cfg.Writers) // never blocks: no more are on their way
	g.Go(func() error {
		c := collector{p: p, decoder: newDecoder(p.cfg.MaxPayload, p.cfg.Oldest)}
		return c.run(ctx, func(b *batch) {
			inOrder <- b
			g.Go(func() error { return p.write(ctx, b) })
		})
	})
	g.Go(func() error { return p.finishAll(ctx, inOrder) })
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
	for _, err := range p.holding {
		return fmt.Errorf("ingest holds messages: %w: %w", presage.ErrUnavailable, err)
	}
	return nil
}

// hold notes why b is not durable yet; nil means that it goes on.
func (p *Pipeline) hold(b *batch, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		delete(p.holding, b)
	} else {
		p.holding[b] = err
	}
	p.metrics.holding.Set(float64(min(1, len(p.holding))))
}
