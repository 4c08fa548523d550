package mqtt

import (
	"sync"
	"time"

	"presage/ingest"
)

// window holds one connection's messages from their arrival to their
// acknowledgement. It never blocks who puts in.
type window struct {
	maxMessages int
	maxBytes    int64
	metrics     *Metrics
	clock       func() instant // nil: it is not asked since when nothing waits
	arrived     chan struct{}  // holds a token when something was put in
	freed       chan struct{}  // holds a token when there is room again

	mu      sync.Mutex
	link    *link
	queue   []ingest.Message // not taken yet
	flying  fifo             // not acknowledged yet, in the order of arrival
	pending [1 << 16 / 64]uint64
	bytes   int64
	empty   instant // since when all is acknowledged; zero: it is not, or nothing came yet
	full    bool    // somebody was turned away and waits for room
	closed  bool
}

// unacked is what an acknowledgement needs of a message.
type unacked struct {
	id   uint16
	qos  byte
	size int
}

func newWindow(messages int, bytes int64, m *Metrics) *window {
	return &window{
		maxMessages: messages, maxBytes: bytes, metrics: m,
		arrived: make(chan struct{}, 1), freed: make(chan struct{}, 1),
	}
}

// on says where acknowledgements go.
func (w *window) on(l *link) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.link = l
}

// put adds p, unless it repeats a message at hand or the window is closed. It
// returns false if there is no room: room says when to try again.
//
// An identifier alone is not a repeat: Mosquitto without an in-flight limit counts
// on past 65,535 messages and uses identifiers again that wait for their PUBACK.
// Dropping one of those would leave it at the broker for ever.
func (w *window) put(p packet) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	word, bit := &w.pending[p.id/64], uint64(1)<<(p.id%64)
	if w.closed || p.dup && p.qos > 0 && *word&bit != 0 {
		return true
	}
	size := len(p.msg.Payload) + len(p.msg.Topic)
	if w.flying.len() >= w.maxMessages || w.bytes+int64(size) > w.maxBytes && w.bytes > 0 {
		w.full = true
		return false
	}
	if p.qos > 0 {
		*word |= bit
	}
	w.bytes += int64(size)
	w.empty = instant{}
	w.flying.push(unacked{id: p.id, qos: p.qos, size: size})
	w.queue = append(w.queue, p.msg)
	return true
}

// room gets a token when a put that was turned away may be tried again.
func (w *window) room() <-chan struct{} { return w.freed }

// settle lets the feeder see what was put in.
func (w *window) settle() {
	w.mu.Lock()
	some := len(w.queue) > 0
	w.count()
	w.mu.Unlock()
	if some {
		select {
		case w.arrived <- struct{}{}:
		default:
		}
	}
}

// take returns what was put in since the last call, in order. spare is memory
// for what comes next.
func (w *window) take(spare []ingest.Message) []ingest.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	q := w.queue
	w.queue = spare[:0]
	return q
}

// Durable acknowledges the oldest n messages of the window.
func (w *window) Durable(n int) {
	w.mu.Lock()
	for range n {
		f := w.flying.pop()
		w.bytes -= int64(f.size)
		if f.qos == 0 {
			continue
		}
		w.pending[f.id/64] &^= 1 << (f.id % 64)
		if f.qos == 1 {
			w.link.ack(firstPuback, f.id)
		} else {
			w.link.ack(firstPubrec, f.id) // the library answers the PUBREL that follows
		}
	}
	if w.clock != nil && w.flying.len() == 0 {
		w.empty = w.clock()
	}
	w.count()
	waiting := w.full
	w.full = false
	l := w.link
	w.mu.Unlock()
	l.send()
	if waiting {
		select {
		case w.freed <- struct{}{}:
		default:
		}
	}
}

// emptySince is since when everything that came is acknowledged; the zero mono
// time when nothing came yet, and no instant when something waits.
func (w *window) emptySince() instant {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.clock != nil && w.flying.len() == 0 && w.empty.wall.IsZero() {
		return instant{wall: time.Unix(0, 0)}
	}
	return w.empty
}

// close refuses what still arrives and drops what was not taken yet: the broker
// sends it again on the next connection.
func (w *window) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.queue = nil
	w.metrics.Set(0, 0)
}

// count shows how full the window is, while it is the one in use.
func (w *window) count() {
	if !w.closed {
		w.metrics.Set(w.flying.len(), w.bytes)
	}
}

// fifo is a queue in a ring that grows.
type fifo struct {
	ring        []unacked // its length is a power of two
	first, next uint
}

func (f *fifo) len() int { return int(f.next - f.first) }

func (f *fifo) push(x unacked) {
	if f.len() == len(f.ring) {
		larger := make([]unacked, max(64, 2*len(f.ring)))
		n := copy(larger, f.ring[f.at(f.first):])
		copy(larger[n:], f.ring[:f.at(f.first)])
		f.ring, f.first, f.next = larger, 0, uint(f.len())
	}
	f.ring[f.at(f.next)] = x
	f.next++
}

func (f *fifo) pop() unacked {
	x := f.ring[f.at(f.first)]
	f.first++
	return x
}

func (f *fifo) at(i uint) uint {
	if len(f.ring) == 0 {
		return 0
	}
	return i % uint(len(f.ring))
}
