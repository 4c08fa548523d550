package rollpack

import (
	"fmt"
	"math"
	"slices"
	"time"

	"presage"
	"presage/internal/packed"
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
	r := packed.Reader{Left: data[1:]}
	n := r.Count(len(data))
	day := presage.Day(0)
	for range n {
		day += presage.Day(r.Signed())
		b.Days = append(b.Days, day)
	}
	for range n {
		b.Samples = append(b.Samples, int(r.Signed()))
	}
	b.First = times(&r, b.First, b.Days)
	b.Last = times(&r, b.Last, b.Days)
	for i := range r.Count(len(data)) {
		var c presage.RollupColumn
		if i < len(columns) {
			c.Values = columns[:cap(columns)][i].Values[:0]
		}
		column(&r, &c, n)
		b.Columns = append(b.Columns, c)
	}
	if r.Bad || len(r.Left) > 0 {
		return fmt.Errorf("packed roll-ups: %w: %d bytes cannot be read", presage.ErrInvalid, len(data))
	}
	return nil
}

// times reads an instant a day.
func times(r *packed.Reader, dst []time.Time, days []presage.Day) []time.Time {
	unit := int(r.Byte())
	if unit >= len(units) {
		r.Bad, unit = true, 0
	}
	for _, d := range days {
		x := r.Unsigned()
		if x == noTime {
			dst = append(dst, time.Time{})
			continue
		}
		dst = append(dst, d.Start().Add(time.Duration(unzigzag(x-1))*units[unit]))
	}
	return dst
}

// column reads one feature of n days.
func column(r *packed.Reader, c *presage.RollupColumn, n int) {
	switch at := r.Count(len(names)); at {
	case 0:
		c.Feature = string(r.Bytes(r.Count(len(r.Left))))
	default:
		c.Feature = names[at-1]
	}
	bits := r.Bytes((n + 7) / 8)
	digits := r.Byte()
	if r.Bad || digits > mostDigits && digits != exact {
		r.Bad = true
		return
	}
	c.Values = slices.Grow(c.Values, n)[:n]
	if digits == exact {
		for i := range c.Values {
			c.Values[i] = math.NaN()
			if bits[i/8]&(1<<(i%8)) != 0 {
				c.Values[i] = r.Float()
			}
		}
		return
	}
	scale := 1.
	for range digits {
		scale *= 10
	}
	multiples(r, c.Values, bits, scale)
}

// multiples reads values that are whole multiples of 1/scale, where the bits tell
// that there is one. Nearly all take one byte or two: half of the time of reading
// a year goes here.
func multiples(r *packed.Reader, values []float64, bits []byte, scale float64) {
	whole, left := int64(0), r.Left
	for i := range values {
		switch {
		case bits[i/8]&(1<<(i%8)) == 0:
			values[i] = math.NaN()
			continue
		case len(left) > 1 && left[0] < 0x80:
			whole += unzigzag(uint64(left[0]))
			left = left[1:]
		case len(left) > 1 && left[1] < 0x80:
			whole += unzigzag(uint64(left[0]&0x7f) | uint64(left[1])<<7)
			left = left[2:]
		default:
			r.Left = left
			whole += r.Signed()
			left = r.Left
		}
		values[i] = float64(whole) / scale
	}
	r.Left = left
}
