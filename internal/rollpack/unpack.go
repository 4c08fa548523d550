package rollpack

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"presage"
)

// Unpack reads a packed block into b, whose memory is used again. No data are an empty block.
func Unpack(b *presage.RollupBlock, data []byte) error {
	b.Days, b.Samples, b.First, b.Last = b.Days[:0], b.Samples[:0], b.First[:0], b.Last[:0]
	columns := b.Columns
	b.Columns = b.Columns[:0]
	if len(data) == 0 {
		return nil
	}
	if data[0] != version {
		return fmt.Errorf("packed roll-ups: %w: version %d, want %d: a newer program wrote them",
			presage.ErrInvalid, data[0], version)
	}
	r := reader{left: data[1:]}
	n := r.count(len(data))
	day := presage.Day(0)
	for range n {
		day += presage.Day(r.signed())
		b.Days = append(b.Days, day)
	}
	for range n {
		b.Samples = append(b.Samples, int(r.signed()))
	}
	b.First = r.times(b.First, b.Days)
	b.Last = r.times(b.Last, b.Days)
	for i := range r.count(len(data)) {
		var c presage.RollupColumn
		if i < len(columns) {
			c.Values = columns[:cap(columns)][i].Values[:0]
		}
		r.column(&c, n)
		b.Columns = append(b.Columns, c)
	}
	if r.bad || len(r.left) > 0 {
		return fmt.Errorf("packed roll-ups: %w: %d bytes cannot be read", presage.ErrInvalid, len(data))
	}
	return nil
}

// reader takes numbers off the front of data; bad once there was none to take.
type reader struct {
	left []byte
	bad  bool
}

func (r *reader) unsigned() uint64 {
	x, n := binary.Uvarint(r.left)
	return taken(r, x, n)
}

func (r *reader) signed() int64 {
	x, n := binary.Varint(r.left)
	return taken(r, x, n)
}

func taken[T int64 | uint64](r *reader, x T, n int) T {
	if n <= 0 {
		r.bad, r.left = true, nil
		return 0
	}
	r.left = r.left[n:]
	return x
}

// count is a number of things that take a byte each at least.
func (r *reader) count(most int) int {
	n := r.unsigned()
	if n > uint64(most) {
		r.bad, r.left = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.left) {
		r.bad, r.left = true, nil
		return nil
	}
	out := r.left[:n]
	r.left = r.left[n:]
	return out
}

func (r *reader) times(dst []time.Time, days []presage.Day) []time.Time {
	unit := r.bytes(1)
	if unit == nil || int(unit[0]) >= len(units) {
		r.bad, unit = true, []byte{0}
	}
	for _, d := range days {
		x := r.unsigned()
		if x == noTime {
			dst = append(dst, time.Time{})
			continue
		}
		dst = append(dst, d.Start().Add(time.Duration(unzigzag(x-1))*units[unit[0]]))
	}
	return dst
}

// column reads one feature of n days.
func (r *reader) column(c *presage.RollupColumn, n int) {
	switch at := r.count(len(names)); at {
	case 0:
		c.Feature = string(r.bytes(r.count(len(r.left))))
	default:
		c.Feature = names[at-1]
	}
	bits := r.bytes((n + 7) / 8)
	digits := r.bytes(1)
	if r.bad || digits[0] > mostDigits && digits[0] != exact {
		r.bad = true
		return
	}
	scale := 1.
	for range digits[0] % exact {
		scale *= 10
	}
	c.Values = slices.Grow(c.Values, n)
	whole := int64(0)
	for i := range n {
		switch {
		case bits[i/8]&(1<<(i%8)) == 0:
			c.Values = append(c.Values, math.NaN())
		case digits[0] == exact:
			x := r.bytes(8)
			if x == nil {
				return
			}
			c.Values = append(c.Values, math.Float64frombits(binary.LittleEndian.Uint64(x)))
		default:
			whole += r.signed()
			c.Values = append(c.Values, float64(whole)/scale)
		}
	}
}
