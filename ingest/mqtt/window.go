package mqtt

import (
	"sync"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// window holds one connection's messages from their arrival to their
// acknowledgement. It never blocks who puts in.
type window struct {
	maxMessages int
	maxBytes    int64
	arrived     chan struct{} // holds a token when something was put in
	overflown   chan struct{} // closed when the window filled; it takes nothing from then on
	drained     chan struct{} // closed when it filled and everything in it is acknowledged

	mu       sync.Mutex
	queue    []paho.Message
	pending  map[uint16]struct{} // packet identifiers not acknowledged yet
	count    int                 // messages not acknowledged yet; those with QoS 0 have no identifier
	bytes    int64
	overflow bool
	empty    bool // drained is closed
	closed   bool
}

func newWindow(messages int, bytes int64) *window {
	return &window{
		maxMessages: messages, maxBytes: bytes,
		arrived: make(chan struct{}, 1), overflown: make(chan struct{}), drained: make(chan struct{}),
		pending: map[uint16]struct{}{},
	}
}

// put adds m, unless it repeats a message at hand or the window is full or closed.
func (w *window) put(m paho.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, repeat := w.pending[m.MessageID()]; w.closed || w.overflow || repeat && m.Qos() > 0 {
		return
	}
	size := int64(len(m.Payload()))
	if w.count >= w.maxMessages || w.bytes+size > w.maxBytes && w.bytes > 0 {
		w.overflow = true
		close(w.overflown)
		return
	}
	if m.Qos() > 0 {
		w.pending[m.MessageID()] = struct{}{}
	}
	w.count++
	w.bytes += size
	w.queue = append(w.queue, m)
	select {
	case w.arrived <- struct{}{}:
	default:
	}
}

// take returns what was put in since the last call, in order.
func (w *window) take() []paho.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	q := w.queue
	w.queue = nil
	return q
}

// acked forgets m and tells the broker.
func (w *window) acked(m paho.Message) {
	w.mu.Lock()
	if m.Qos() > 0 {
		delete(w.pending, m.MessageID())
	}
	w.count--
	w.bytes -= int64(len(m.Payload()))
	last := w.overflow && !w.empty && w.count == 0
	w.empty = w.empty || last
	w.mu.Unlock()
	m.Ack()
	if last {
		close(w.drained)
	}
}

// close refuses what still arrives and drops what was not taken yet: the broker
// sends it again on the next connection.
func (w *window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.queue = nil
}
