package mqtt

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"presage/ingest"
)

// Packet types of MQTT 3.1.1 (OASIS, 2014, table 2.1) that a link knows.
const (
	typePublish = 3
	firstPuback = 0x40 // fixed header of a PUBACK
	firstPubrec = 0x50 // and of a PUBREC
	pingreq     = 0xc0
	pingresp    = 0xd0
)

const (
	readBytes  = 64<<10 + 16 // of the connection, in one call; the longest topic is peeked at whole
	chunkBytes = 64 << 10    // of memory for payloads, allocated at once
	maxInChunk = 8 << 10     // a larger payload has memory of its own
	maxTopics  = 1 << 16     // distinct topics remembered,
	topicBytes = 128         // those that are no longer than this: 8 MiB of texts
	headBytes  = 4 << 10     // kept of a payload above the limit; the rest is dropped as it is read
)

var errFrame = errors.New("malformed packet")

// link is a broker connection that keeps PUBLISH packets from the client
// library: it hands them over as it reads them, and writes their
// acknowledgements itself. Everything else (CONNECT, SUBSCRIBE, pings) passes
// through. The library would spend four goroutines, five system calls and a
// dozen allocations on each message.
type link struct {
	net.Conn

	in      *bufio.Reader
	left    int // bytes of the present packet that are the library's
	sink    receiver
	limit   int // bytes of a payload
	now     func() time.Time
	arrived time.Time
	watch   *watch            // nil: nobody asks when messages were sent
	held    *packet           // found no room
	pinged  chan struct{}     // a token when the library asks for an answer
	answer  []byte            // of a ping, for the library
	chunk   []byte            // where the next payloads go
	topics  map[string]string // one text a topic

	writing sync.Mutex // one packet after the other on the wire
	mu      sync.Mutex
	acks    []byte // not written yet
	spare   []byte
	wake    chan struct{}
	closing sync.Once
	closed  chan struct{}
	writer  sync.WaitGroup
}

// packet is a PUBLISH.
type packet struct {
	msg ingest.Message
	id  uint16
	qos byte
	dup bool // the broker says that it may have sent it before
}

// receiver takes packets; no method blocks.
type receiver interface {
	put(p packet) bool     // false: there is no room now
	settle()               // nothing more is at hand for now
	room() <-chan struct{} // gets a token when there may be room again
}

func newLink(conn net.Conn, sink receiver, now func() time.Time) *link {
	l := &link{
		Conn: conn, sink: sink, limit: ingest.MaxPayload, now: now, topics: map[string]string{},
		wake: make(chan struct{}, 1), pinged: make(chan struct{}, 1), closed: make(chan struct{}),
	}
	l.in = bufio.NewReaderSize(source{l}, readBytes)
	l.writer.Go(l.writeAcks)
	return l
}

// source is the bare connection. Before it may block, what was read goes on.
type source struct{ l *link }

func (s source) Read(p []byte) (int, error) {
	s.l.sink.settle()
	s.l.watch.enters()
	n, err := s.l.Conn.Read(p)
	s.l.arrived = s.l.now()
	s.l.watch.left(n, err)
	return n, err
}

// Read gives the library what is not a PUBLISH. While there is no room for a
// PUBLISH nothing is read, so that the broker stops sending. The library's
// pings go out all the same; it is answered here, since the broker's answer
// waits behind the rest.
func (l *link) Read(p []byte) (int, error) {
	for l.left == 0 && len(l.answer) == 0 {
		step := l.next
		if l.held != nil {
			step = l.hold
		}
		if err := step(); err != nil {
			return 0, err
		}
	}
	if len(l.answer) > 0 {
		n := copy(p, l.answer)
		l.answer = l.answer[n:]
		return n, nil
	}
	n, err := l.in.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// maxControl is far above every packet that a broker sends besides PUBLISH; the
// library would allocate whatever length is announced, up to 256 MiB.
const maxControl = 64 << 10

// next begins the next packet.
func (l *link) next() error {
	first, header, size, err := l.header()
	if err != nil {
		return err
	}
	if first>>4 != typePublish {
		if size > maxControl {
			return fmt.Errorf("%w: a control packet of %d bytes", errFrame, size)
		}
		l.left = header + size
		return nil
	}
	if _, err := l.in.Discard(header); err != nil {
		return err
	}
	return l.publish(first, size)
}

// hold waits until there is room for the held packet, or something else to do.
func (l *link) hold() error {
	if l.sink.put(*l.held) {
		l.held = nil
		return nil
	}
	l.sink.settle()
	select {
	case <-l.sink.room():
	case <-l.pinged:
		l.answer = []byte{pingresp, 0}
	case <-l.closed:
		return net.ErrClosed
	}
	return nil
}

// header looks at the fixed header of the next packet: its first byte, its own
// length, and how many bytes follow it.
func (l *link) header() (first byte, length, remaining int, err error) {
	for n := 2; n <= 5; n++ {
		b, err := l.in.Peek(n)
		if err != nil {
			if len(b) > 0 && errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, 0, 0, err
		}
		last := b[n-1]
		remaining |= int(last&0x7f) << (7 * (n - 2))
		if last&0x80 == 0 {
			return b[0], n, remaining, nil
		}
	}
	return 0, 0, 0, fmt.Errorf("%w: the length has no end", errFrame)
}

// publish reads the rest of a PUBLISH and hands it over (section 3.3).
func (l *link) publish(first byte, size int) error {
	p := packet{qos: first >> 1 & 3, dup: first&8 != 0}
	topic, err := l.topic(size)
	if err != nil {
		return err
	}
	size -= 2 + len(topic)
	if p.qos > 0 {
		id, err := l.in.Peek(2)
		if err != nil {
			return err
		}
		p.id = binary.BigEndian.Uint16(id)
		_, _ = l.in.Discard(2) // is at hand
		size -= 2
	}
	if size < 0 || p.qos == 3 || p.qos > 0 && p.id == 0 {
		return fmt.Errorf("%w: PUBLISH", errFrame)
	}
	kept, whole := size, int64(0)
	if size > l.limit { // the head becomes a letter that is too_large
		kept, whole = min(size, headBytes), int64(size)
	}
	payload := l.memory(kept)
	if _, err := io.ReadFull(l.in, payload); err != nil {
		return err
	}
	if _, err := l.in.Discard(size - len(payload)); err != nil {
		return err
	}
	p.msg = ingest.Message{
		Topic: topic, Payload: payload, Size: whole, Received: l.arrived, Retained: first&1 != 0,
	}
	p.msg.Sent, p.msg.Within = l.watch.sent(p.msg)
	if !l.sink.put(p) {
		l.held = &p
	}
	return nil
}

// topic reads the topic's name, of which each usual text is allocated once.
func (l *link) topic(size int) (string, error) {
	b, err := l.in.Peek(2)
	if err != nil {
		return "", err
	}
	n := int(binary.BigEndian.Uint16(b))
	if n+2 > size {
		return "", fmt.Errorf("%w: a topic longer than its packet", errFrame)
	}
	if b, err = l.in.Peek(2 + n); err != nil { // a topic has 65,535 bytes at most
		return "", err
	}
	text, known := l.topics[string(b[2:])]
	if !known {
		text = string(b[2:])
	}
	if !known && n <= topicBytes {
		if len(l.topics) >= maxTopics {
			clear(l.topics)
		}
		l.topics[text] = text
	}
	_, err = l.in.Discard(2 + n)
	return text, err
}

// memory is n bytes for a payload.
func (l *link) memory(n int) []byte {
	if n > maxInChunk {
		return make([]byte, n)
	}
	if len(l.chunk) < n {
		l.chunk = make([]byte, chunkBytes)
	}
	b := l.chunk[:n:n]
	l.chunk = l.chunk[n:]
	return b
}

// Write writes a packet of the library, after the acknowledgements at hand.
func (l *link) Write(p []byte) (int, error) {
	if len(p) > 0 && p[0] == pingreq {
		select {
		case l.pinged <- struct{}{}:
		default:
		}
	}
	if err := l.flush(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// ack queues the acknowledgement of a packet; it does not block. It is on the
// wire as soon as the one before is: a run of them shares one write.
func (l *link) ack(first byte, id uint16) {
	l.mu.Lock()
	l.acks = append(l.acks, first, 2, byte(id>>8), byte(id))
	l.mu.Unlock()
}

// send starts writing what ack has queued.
func (l *link) send() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *link) writeAcks() {
	for {
		select {
		case <-l.closed:
			return
		case <-l.wake:
		}
		if err := l.flush(nil); err != nil {
			_ = l.Conn.Close() // the reader says why the connection is gone
			return
		}
	}
}

// flush writes all acknowledgements at hand, and then more.
func (l *link) flush(more []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	out := l.acks
	l.acks = l.spare[:0]
	l.mu.Unlock()
	out = append(out, more...)
	l.spare = out
	if len(out) == 0 {
		return nil
	}
	_, err := l.Conn.Write(out)
	return err
}

// Close ends the connection; what was not written by then is not acknowledged.
func (l *link) Close() error {
	l.closing.Do(func() { close(l.closed) })
	err := l.Conn.Close()
	l.writer.Wait()
	return err
}
