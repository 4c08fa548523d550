package jetstream

import (
	"context"
	"sync"
)

// delivery is a message that waits for its acknowledgement. What these send is
// lost with the connection; then the message comes again.
type delivery interface {
	Ack() error
	InProgress() error // it is still worked at
	Nak() error        // another process may have it
}

// window holds messages from their arrival to their acknowledgement.
type window struct {
	maxMessages int
	maxBytes    int64
	gauge       Gauge
	freed       chan struct{} // holds a token when something was acknowledged

	mu     sync.Mutex
	held   []held // in the order of submission
	bytes  int64
	beats  int
	closed bool
}

type held struct {
	delivery

	size int64
	beat int // beats before it came
}

func newWindow(messages int, bytes int64, g Gauge) *window {
	return &window{maxMessages: messages, maxBytes: bytes, gauge: g, freed: make(chan struct{}, 1)}
}

// room waits until something fits and returns how many messages of at most
// largest bytes do: at least one, once nothing is held.
func (w *window) room(ctx context.Context, largest int64) (int, error) {
	for {
		w.mu.Lock()
		n := min(int64(w.maxMessages-len(w.held)), (w.maxBytes-w.bytes)/largest)
		if len(w.held) == 0 {
			n = max(1, n)
		}
		w.mu.Unlock()
		if n > 0 {
			return int(n), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-w.freed:
		}
	}
}

func (w *window) add(d delivery, size int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, held{d, size, w.beats})
	w.bytes += size
	w.show()
}

// Durable acknowledges the oldest n messages.
func (w *window) Durable(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	for _, h := range w.held[:n] {
		_ = h.Ack() // see delivery
		w.bytes -= h.size
	}
	clear(w.held[:n]) // pins nothing
	w.held = w.held[n:]
	w.show()
	select {
	case w.freed <- struct{}{}:
	default:
	}
}

// beat says of everything that was there at the beat before that it is worked at.
func (w *window) beat() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.held {
		if h.beat < w.beats {
			_ = h.InProgress() // see delivery
		}
	}
	w.beats++
}

// empty waits until everything is acknowledged or ctx ends.
func (w *window) empty(ctx context.Context) {
	for {
		w.mu.Lock()
		n := len(w.held)
		w.mu.Unlock()
		if n == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-w.freed:
		}
	}
}

// close gives back what is not acknowledged.
func (w *window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.held {
		_ = h.Nak() // see delivery
	}
	w.closed, w.held, w.bytes = true, nil, 0
	w.show()
}

func (w *window) show() {
	if w.gauge != nil {
		w.gauge.Set(len(w.held), w.bytes)
	}
}
