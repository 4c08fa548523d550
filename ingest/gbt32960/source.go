package gbt32960

import (
	"encoding/binary"
	"errors"
)

// source yields the raw registers of one piece of information in the order of
// the standard, from a frame or from EMQX's JSON.
type source interface {
	// word is the register key of 1, 2 or 4 bytes; false when there is none.
	word(key string, size int) (uint32, bool)
	// words are n registers under one key. JSON has its own count.
	words(key string, n, size int) []uint32
	// each calls f with n groups of registers. JSON has its own count.
	each(key string, n int, f func(s source, i int))
	// newer tells whether the information is of the 2025 edition; legacy names
	// a register that only 2016 has or, with a "+", only 2025.
	newer(legacy string) bool
}

var errShort = errors.New("ends in the middle of the information")

// bytesSource reads a frame's data unit. After the first error it yields nothing.
type bytesSource struct {
	b     []byte
	v2025 bool
	err   error
}

func (s *bytesSource) newer(string) bool { return s.v2025 }

// take is the next n bytes, nil when they are not there.
func (s *bytesSource) take(n int) []byte {
	if s.err != nil {
		return nil
	}
	if n > len(s.b) {
		s.err = errShort
		return nil
	}
	taken := s.b[:n]
	s.b = s.b[n:]
	return taken
}

func (s *bytesSource) word(_ string, size int) (uint32, bool) {
	b := s.take(size)
	if b == nil {
		return 0, false
	}
	return bigEndian(b), true
}

func bigEndian(b []byte) uint32 {
	switch len(b) {
	case 1:
		return uint32(b[0])
	case 2:
		return uint32(binary.BigEndian.Uint16(b))
	}
	return binary.BigEndian.Uint32(b)
}

func (s *bytesSource) words(_ string, n, size int) []uint32 {
	b := s.take(n * size)
	if len(b) == 0 {
		return nil
	}
	out := make([]uint32, n)
	for i := range out {
		out[i] = bigEndian(b[i*size : (i+1)*size])
	}
	return out
}

func (s *bytesSource) each(_ string, n int, f func(source, int)) {
	for i := range n {
		if s.err != nil {
			return
		}
		f(s, i)
	}
}
