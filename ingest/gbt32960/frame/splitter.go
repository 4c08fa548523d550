package frame

import "bytes"

// Why bytes of a stream are not frames: stable words for counting.
const (
	WhyNoise  = "noise"  // no start mark, or one without a header behind it
	WhyLength = "length" // a frame longer than allowed, or one that never ended
	WhyCheck  = "check"  // the check byte is wrong
)

// Piece is the next part of a stream: a whole frame, or bytes that are none.
type Piece struct {
	Raw   []byte // valid until the next call of Write
	Frame Frame  // when Why is ""
	Why   string // why Raw is not a frame; that of its first byte
}

// Splitter finds frames in a stream of bytes that arrive in any portions.
// After bytes that are not frames it goes on at the next start mark, wherever
// that is. The zero value takes frames of any size; it is for one goroutine.
type Splitter struct {
	// Max is the largest frame taken, in bytes; 0 means MaxBytes.
	Max int

	buf  []byte
	done int  // what of buf was yielded
	skip bool // the frame at done is given up
}

// maxChecks bounds the wrong check bytes passed over for one piece: headers one
// behind the other would have the same bytes summed up for each.
const maxChecks = 16

// Write adds bytes to the stream. It never fails.
func (s *Splitter) Write(p []byte) (int, error) {
	s.buf = append(s.buf[:copy(s.buf, s.buf[s.done:])], p...)
	s.done = 0
	return len(p), nil
}

// Pending is how many bytes wait for more.
func (s *Splitter) Pending() int { return len(s.buf) - s.done }

// GiveUp says that the rest of the frame at the start of what is pending will
// not come: what is pending is searched for a later one.
func (s *Splitter) GiveUp() { s.skip = s.Pending() > 0 }

// Next returns the next piece, or false when more bytes are needed. Noise that
// goes on is yielded in portions, and so is what only looks like many frames.
func (s *Splitter) Next() (Piece, bool) {
	offset, why, checks := s.done, "", 0
	for offset < len(s.buf) && checks < maxChecks {
		fault, wait := s.look(s.buf[offset:])
		if s.skip && wait {
			fault, wait = WhyLength, false
		}
		if s.skip = false; wait {
			break
		}
		if fault == "" {
			if offset > s.done {
				return s.yield(offset, why), true
			}
			end := offset + size(s.buf[offset:])
			f, _ := Parse(s.buf[offset:end])
			p := Piece{Raw: s.buf[offset:end:end], Frame: f}
			s.done = end
			return p, true
		}
		if why == "" {
			why = fault
		}
		if fault == WhyCheck {
			checks++
		}
		offset = nextMark(s.buf, offset+1)
	}
	if offset > s.done {
		return s.yield(offset, why), true
	}
	return Piece{}, false
}

// yield is everything before at.
func (s *Splitter) yield(offset int, why string) Piece {
	p := Piece{Raw: s.buf[s.done:offset:offset], Why: why}
	s.done = offset
	return p
}

// look tells what stands at the start of b: a frame, a fault, or too little to say.
func (s *Splitter) look(b []byte) (fault string, wait bool) {
	if nextMark(b, 0) != 0 {
		return WhyNoise, false
	}
	if len(b) < headerBytes {
		return "", true
	}
	if headerFault(b) != "" {
		return WhyNoise, false
	}
	most := s.Max
	if most == 0 {
		most = MaxBytes
	}
	end := size(b)
	switch {
	case end > most:
		return WhyLength, false
	case len(b) < end:
		return "", true
	case Check(b[checkFrom:end-1]) != b[end-1]:
		return WhyCheck, false
	}
	return "", false
}

// nextMark is where in b from an index on a start mark may begin, len(b) if nowhere.
func nextMark(b []byte, from int) int {
	for i := from; i < len(b); i++ {
		n := bytes.IndexAny(b[i:], "#$")
		if n < 0 {
			break
		}
		i += n
		if i+1 == len(b) || b[i] == b[i+1] {
			return i
		}
	}
	return len(b)
}
