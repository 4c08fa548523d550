package door

import (
	"errors"
	"fmt"
	"io"
)

const (
	leastBuffer = 1 << 10 // of a connection that sends little
	mostBuffer  = 32 << 10
	// maxControl bounds every packet but PUBLISH; the longest real one is a
	// CONNECT with a will.
	maxControl = 128 << 10
)

var errMalformed = errors.New("malformed packet")

// reader is a connection's buffer. It grows with what is at hand, so that ten
// thousand quiet vehicles cost little and a busy one few system calls.
type reader struct {
	src        io.Reader
	beforeRead func() error // may block; what is at hand is worked on by then
	afterRead  func()       // something has come
	buf        []byte
	start, end int
	full       bool // a read used all the room there was
	small      int  // reads in a row that used little of it
}

// buffered is how many bytes are at hand.
func (r *reader) buffered() int { return r.end - r.start }

// peek returns the next n bytes, which stay; they are valid until the next call.
func (r *reader) peek(n int) ([]byte, error) {
	for r.buffered() < n {
		if err := r.fill(n); err != nil {
			return nil, err
		}
	}
	return r.buf[r.start : r.start+n], nil
}

func (r *reader) discard(n int) { r.start += n } // at most what was peeked at

// fill reads once. The buffer grows by doubling as bytes arrive, so that
// announcing a long packet costs us nothing.
func (r *reader) fill(need int) error {
	if r.start == r.end {
		r.rest()
	}
	if r.start > 0 && r.start+need > len(r.buf) {
		r.end = copy(r.buf, r.buf[r.start:r.end])
		r.start = 0
	}
	if r.end == len(r.buf) {
		grown := make([]byte, max(leastBuffer, 2*len(r.buf)))
		r.end = copy(grown, r.buf[r.start:r.end])
		r.start, r.buf = 0, grown
	}
	n, err := r.read(r.buf[r.end:])
	r.end += n
	r.judge(n)
	if n > 0 {
		return nil
	}
	return err
}

// rest empties the buffer and gives it the size that the last reads asked for.
func (r *reader) rest() {
	r.start, r.end = 0, 0
	switch {
	case len(r.buf) > mostBuffer, r.small >= smallReads && len(r.buf) > leastBuffer:
		r.buf = make([]byte, leastBuffer)
	case r.full && len(r.buf) < mostBuffer:
		r.buf = make([]byte, 2*len(r.buf))
	}
	r.full = false
	if r.small >= smallReads {
		r.small = 0
	}
}

// smallReads in a row let a buffer shrink.
const smallReads = 16

// judge notes whether a read of n bytes filled the buffer or hardly used it.
func (r *reader) judge(n int) {
	r.full = r.full || r.end == len(r.buf) && n > 0
	if n < len(r.buf)/8 {
		r.small++
	} else {
		r.small = 0
	}
}

func (r *reader) read(p []byte) (int, error) {
	if err := r.beforeRead(); err != nil {
		return 0, err
	}
	n, err := r.src.Read(p)
	if n > 0 {
		r.afterRead()
	}
	if n == 0 && err == nil {
		err = io.ErrNoProgress
	}
	return n, err
}

// readFull fills p, past the buffer where that is empty.
func (r *reader) readFull(p []byte) error {
	n := copy(p, r.buf[r.start:r.end])
	r.start += n
	for n < len(p) {
		m, err := r.read(p[n:])
		if n += m; m == 0 {
			return err
		}
	}
	return nil
}

// skip drops the next n bytes.
func (r *reader) skip(n int) error {
	for n > 0 {
		if r.buffered() == 0 {
			if err := r.fill(1); err != nil {
				return err
			}
		}
		m := min(n, r.buffered())
		r.discard(m)
		n -= m
	}
	return nil
}

// header takes the fixed header: the first byte and how many bytes follow
// (MQTT 3.1.1, section 2.2).
func (r *reader) header() (first byte, remaining int, err error) {
	remaining, n, err := r.length(1, 4)
	if err != nil {
		if r.buffered() > 0 && errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, 0, err
	}
	first = r.buf[r.start]
	r.discard(1 + n)
	return first, remaining, nil
}

// length looks at a variable byte integer of at most so many bytes that begins
// behind skip others (MQTT 5, section 1.5.5), and tells how many it has.
func (r *reader) length(skip, most int) (value, used int, err error) {
	for used = 1; used <= most; used++ {
		b, err := r.peek(skip + used)
		if err != nil {
			return 0, 0, err
		}
		last := b[skip+used-1]
		value |= int(last&0x7f) << (7 * (used - 1))
		if last&0x80 == 0 {
			return value, used, nil
		}
	}
	return 0, 0, fmt.Errorf("%w: a length without end", errMalformed)
}

// control reads a packet other than PUBLISH whole; its bytes are valid until
// the next call.
func (r *reader) control(size int) ([]byte, error) {
	if size > maxControl {
		return nil, fmt.Errorf("%w: a control packet of %d bytes, at most %d", errMalformed, size, maxControl)
	}
	b, err := r.peek(size)
	if err == nil {
		r.discard(size)
	}
	return b, err
}
