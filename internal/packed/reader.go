// Package packed reads data made of varints (encoding/binary) and bytes, as
// rollpack and prognosispack write them, and never beyond their end.
package packed

import (
	"encoding/binary"
	"math"
)

// Reader takes numbers and bytes off the front of Left. After the first that is
// not there it is Bad and gives zeros.
type Reader struct {
	Left []byte
	Bad  bool
}

// Unsigned takes a number of 0 or more.
func (r *Reader) Unsigned() uint64 {
	if p := r.Left; len(p) > 1 { // nearly all take one byte or two
		switch {
		case p[0] < 0x80:
			r.Left = p[1:]
			return uint64(p[0])
		case p[1] < 0x80:
			r.Left = p[2:]
			return uint64(p[0]&0x7f) | uint64(p[1])<<7
		}
	}
	x, n := binary.Uvarint(r.Left)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.Left = r.Left[n:]
	return x
}

// Signed takes a number.
func (r *Reader) Signed() int64 {
	x := r.Unsigned()
	return int64(x>>1) ^ -int64(x&1)
}

// Count takes a number of things of which there can be most.
func (r *Reader) Count(most int) int {
	n := r.Unsigned()
	if n > uint64(max(most, 0)) {
		r.fail()
		return 0
	}
	return int(n)
}

// Bytes takes n bytes; they are lent.
func (r *Reader) Bytes(n int) []byte {
	if n < 0 || n > len(r.Left) {
		r.fail()
		return nil
	}
	out := r.Left[:n]
	r.Left = r.Left[n:]
	return out
}

// Byte takes one; 0 if there is none.
func (r *Reader) Byte() byte {
	b := r.Bytes(1)
	if b == nil {
		return 0
	}
	return b[0]
}

// Float takes the eight bytes of a number.
func (r *Reader) Float() float64 {
	b := r.Bytes(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

func (r *Reader) fail() { r.Bad, r.Left = true, nil }
