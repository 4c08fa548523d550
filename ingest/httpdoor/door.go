package httpdoor

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"presage"
	"presage/ingest"
)

// Door is the HTTP front of ingest. All methods may be called at the same time.
type Door struct {
	cfg     Config
	memory  *semaphore.Weighted
	metrics metrics

	mu     sync.Mutex
	inside map[string]int // requests at work, by sender
	total  int
}

// New returns a door that is open at once.
func New(cfg Config) (*Door, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Door{
		cfg: cfg, memory: semaphore.NewWeighted(cfg.MaxMemory), metrics: newMetrics(cfg.Registerer),
		inside: map[string]int{},
	}, nil
}

const (
	// maxRequests are at work at the same time; each costs a goroutine and its buffers.
	maxRequests = 1024
	// maxOfSender are those of one vehicle, gateway or operator.
	maxOfSender  = 8
	maxOfVehicle = 2
)

// Handler is the door for POST /v1/telemetry. operator tells whether an
// operator who may ingest sent the request, by the API's own keys.
func (d *Door) Handler(operator func(*http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := d.serve(w, r, operator)
		d.metrics.count(a)
		a.write(w)
	})
}

func (d *Door) serve(w http.ResponseWriter, r *http.Request, operator func(*http.Request) error) *answer {
	from, refused := d.sender(r, operator)
	if refused != nil {
		return refused
	}
	leave, refused := d.enter(from)
	if refused != nil {
		return refused
	}
	defer leave()
	read, refused := reading(r)
	if refused != nil {
		return refused
	}
	if err := d.cfg.Sink.Ready(r.Context()); err != nil {
		return later("messages cannot be made durable now: send the same again", retryHeld)
	}
	body, release, refused := d.body(w, r)
	defer release()
	if refused != nil {
		return refused
	}
	parts := read(&load{from: from, body: body, arrival: d.cfg.Now()})
	if parts.refused != nil {
		return parts.refused
	}
	return d.submit(r.Context(), parts)
}

// enter counts a request of from until leave is called.
func (d *Door) enter(from sender) (leave func(), refused *answer) {
	most := maxOfSender
	if from.vin != "" {
		most = maxOfVehicle
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.inside[from.name] >= most:
		return nil, tooMany("too many requests of yours are at work: wait for their answers, or send larger batches")
	case d.total >= maxRequests:
		return nil, later("too many requests are at work", retryBusy)
	}
	d.inside[from.name]++
	d.total++
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.total--
		if d.inside[from.name]--; d.inside[from.name] == 0 {
			delete(d.inside, from.name)
		}
	}, nil
}

// submit hands every part to the sink in order, waits until they are durable
// and tells what became of them.
func (d *Door) submit(ctx context.Context, p parts) *answer {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Wait)
	defer cancel()
	told := make(chan ingest.Outcome, len(p.list))
	received := d.cfg.Now()
	for _, part := range p.list {
		err := d.cfg.Sink.Submit(ctx, ingest.Message{
			Topic: ingest.TelemetryTopic(part.vin), Payload: part.document, Received: received,
			Told: func(o ingest.Outcome) { told <- o },
		})
		if err != nil {
			return late(err)
		}
	}
	a := &answer{refusals: p.refusals}
	for range p.list {
		select {
		case o := <-told:
			a.add(o)
		case <-ctx.Done():
			return late(ctx.Err())
		}
	}
	return a.settle()
}

// late says that the write was not told in time.
func late(err error) *answer {
	if errors.Is(err, presage.ErrUnavailable) {
		return later("the service is stopping: send the same again", retryHeld)
	}
	return later("the write was not confirmed in time: send the same again, a repeat is harmless", retryHeld)
}

const (
	retryBusy = time.Second
	retryHeld = 5 * time.Second
)
