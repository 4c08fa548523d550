package door

import (
	"net"
	"sync"
	"time"
)

// maxUnwritten bounds what is to be written to a client and is not yet. Acks of
// a full window take 5 KiB; only a client that never reads comes here.
const maxUnwritten = 256 << 10

// outbox writes to a connection: whoever adds never waits, one goroutine at a
// time writes, and none stays when there is nothing to write.
type outbox struct {
	nc      net.Conn
	timeout time.Duration

	mu      sync.Mutex
	buf     []byte
	spare   []byte
	writing bool
	closed  bool // nothing more is taken
	idle    *sync.Cond
}

func newOutbox(nc net.Conn, timeout time.Duration) *outbox {
	o := &outbox{nc: nc, timeout: timeout}
	o.idle = sync.NewCond(&o.mu)
	return o
}

// add queues a short packet for the next flush; false when nothing is taken.
func (o *outbox) add(p shortPacket) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return false
	}
	o.buf = append(o.buf, p.bytes[:p.n]...)
	return true
}

// send queues a packet and starts writing.
func (o *outbox) send(packet []byte) {
	o.mu.Lock()
	if !o.closed {
		o.buf = append(o.buf, packet...)
	}
	o.mu.Unlock()
	o.flush()
}

// flush starts writing what was queued. A client that never reads is cut off.
func (o *outbox) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.buf) > maxUnwritten && !o.closed {
		o.closed = true
		go func() { _ = o.nc.Close() }() // the reader ends by it; TLS says goodbye, which may take a while
	}
	if o.writing || len(o.buf) == 0 {
		return
	}
	o.writing = true
	go o.write()
}

func (o *outbox) write() {
	for {
		o.mu.Lock()
		if len(o.buf) == 0 || o.closed && len(o.buf) > maxUnwritten {
			o.writing = false
			o.idle.Broadcast()
			o.mu.Unlock()
			return
		}
		out := o.buf
		o.buf, o.spare = o.spare[:0], nil
		_ = o.nc.SetWriteDeadline(wall().Add(o.timeout)) // with the lock: drain shortens it
		o.mu.Unlock()
		_, err := o.nc.Write(out)
		o.mu.Lock()
		if cap(out) <= 4<<10 {
			o.spare = out[:0]
		}
		if err != nil {
			o.closed, o.buf = true, nil
		}
		o.idle.Broadcast()
		o.mu.Unlock()
		if err != nil {
			_ = o.nc.Close()
		}
	}
}

// awaitRoom waits until the client has read nearly all of what was sent to it before,
// or nothing more is taken. A client that never reads ends it by its timeout.
func (o *outbox) awaitRoom() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.writing && !o.closed && len(o.buf) > maxUnwritten/4 {
		o.idle.Wait()
	}
}

// drain takes nothing more and waits until everything is written or has failed,
// which it has when the client does not read for that long.
func (o *outbox) drain(timeout time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if timeout < o.timeout {
		o.timeout = timeout
		_ = o.nc.SetWriteDeadline(wall().Add(timeout))
	}
	o.closed = true
	for o.writing {
		o.idle.Wait()
	}
}
