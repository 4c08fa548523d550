package rollpack

import (
	"encoding/binary"
	"math"
	"time"

	"presage"
)

// version is the first byte of a packed block.
const version = 1

// units are those of offsets in a day, the largest first.
var units = [...]time.Duration{ //nolint:gochecknoglobals // a constant table
	time.Second, time.Millisecond, time.Microsecond,
}

const (
	mostDigits = 4    // after the point, of a value stored as a whole number
	exact      = 255  // digits of values stored as they are
	noTime     = 0    // of an offset: the zero time
	mostWhole  = 1e15 // below it a float64 tells any two whole numbers apart
)

// Pack appends the packed block to dst. Times finer than a microsecond are cut.
func Pack(dst []byte, b *presage.RollupBlock) []byte {
	dst = append(dst, version)
	dst = binary.AppendUvarint(dst, uint64(len(b.Days)))
	before := presage.Day(0)
	for _, d := range b.Days {
		dst = binary.AppendVarint(dst, int64(d-before))
		before = d
	}
	for _, n := range b.Samples {
		dst = binary.AppendVarint(dst, int64(n))
	}
	dst = appendTimes(dst, b.Days, b.First)
	dst = appendTimes(dst, b.Days, b.Last)
	columns := 0
	for i := range b.Columns {
		if told(b.Columns[i].Values) {
			columns++
		}
	}
	dst = binary.AppendUvarint(dst, uint64(columns))
	for i := range b.Columns {
		if told(b.Columns[i].Values) {
			dst = appendColumn(dst, &b.Columns[i])
		}
	}
	return dst
}

// told tells whether a feature came on any day.
func told(values []float64) bool {
	for _, x := range values {
		if !math.IsNaN(x) {
			return true
		}
	}
	return false
}

// appendTimes writes instants as offsets from the start of their days, in the largest unit that fits all.
func appendTimes(dst []byte, days []presage.Day, at []time.Time) []byte {
	unit := 0
	for i, t := range at {
		for !t.IsZero() && unit < 2 && t.Sub(days[i].Start())%units[unit] != 0 {
			unit++
		}
	}
	dst = append(dst, byte(unit))
	for i, t := range at {
		if t.IsZero() {
			dst = binary.AppendUvarint(dst, noTime)
			continue
		}
		dst = binary.AppendUvarint(dst, zigzag(int64(t.Sub(days[i].Start())/units[unit]))+1)
	}
	return dst
}

func zigzag(n int64) uint64   { return uint64(n<<1) ^ uint64(n>>63) }
func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

func appendColumn(dst []byte, c *presage.RollupColumn) []byte {
	at := place(c.Feature)
	dst = binary.AppendUvarint(dst, uint64(at))
	if at == 0 {
		dst = binary.AppendUvarint(dst, uint64(len(c.Feature)))
		dst = append(dst, c.Feature...)
	}
	bits := len(dst)
	dst = append(dst, make([]byte, (len(c.Values)+7)/8)...)
	for i, x := range c.Values {
		if !math.IsNaN(x) {
			dst[bits+i/8] |= 1 << (i % 8)
		}
	}
	digits, scale, whole := digitsOf(c.Values)
	if !whole {
		dst = append(dst, exact)
		for _, x := range c.Values {
			if !math.IsNaN(x) {
				dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
			}
		}
		return dst
	}
	dst = append(dst, byte(digits))
	before := int64(0)
	for _, x := range c.Values {
		if !math.IsNaN(x) {
			n := int64(math.Round(x * scale))
			dst = binary.AppendVarint(dst, n-before)
			before = n
		}
	}
	return dst
}

// digitsOf is the least number of digits after the point that gives every value
// back bit for bit, with the power of ten; false when none does.
func digitsOf(values []float64) (digits int, scale float64, ok bool) {
	scale = 1
	for _, x := range values {
		for !math.IsNaN(x) && !given(x, scale) {
			if digits == mostDigits {
				return 0, 0, false
			}
			digits, scale = digits+1, scale*10
		}
	}
	for _, x := range values { // a later scale must fit the earlier values too
		if !math.IsNaN(x) && !given(x, scale) {
			return 0, 0, false
		}
	}
	return digits, scale, true
}

// given tells whether x is a multiple of 1/scale that comes back bit for bit.
func given(x, scale float64) bool {
	n := math.Round(x * scale)
	return math.Abs(n) < mostWhole && math.Float64bits(float64(int64(n))/scale) == math.Float64bits(x)
}
