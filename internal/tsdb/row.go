package tsdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"presage"
)

// The tags of a reading; see the package comment.
const (
	tagFloat    = 0
	tagDecimal  = 1 // 1-6: no decimals to five
	maxDecimals = 5
	tagFalse    = tagDecimal + maxDecimals + 1
	tagTrue     = tagFalse + 1
	tagString   = tagTrue + 1
	tagArray    = tagString + 1
	tagBits     = 4

	// maxMantissa keeps every m exact in a float64, so that m / 10^k is
	// correctly rounded and the decoder computes what the encoder checked.
	maxMantissa = 1 << 53
)

// errRow is what is wrong with a row's bytes.
var errRow = errors.New("malformed row")

// entry is one reading as it is encoded: the signal's id and its value.
type entry struct {
	id    uint32
	value presage.Value
}

// power10 gives 10^k for 0 <= k <= maxDecimals.
func power10(k int) float64 { return [maxDecimals + 1]float64{1, 10, 100, 1e3, 1e4, 1e5}[k] }

// appendRow appends entries, which ascend strictly by id, to b.
func appendRow(b []byte, entries []entry) []byte {
	var previous uint32
	for _, e := range entries {
		head := uint64(e.id-previous) << tagBits
		previous = e.id
		switch e.value.Kind {
		case presage.KindBool:
			tag := uint64(tagFalse)
			if e.value.Number != 0 {
				tag = tagTrue
			}
			b = binary.AppendUvarint(b, head|tag)
		case presage.KindString:
			b = binary.AppendUvarint(b, head|tagString)
			b = binary.AppendUvarint(b, uint64(len(e.value.Text)))
			b = append(b, e.value.Text...)
		case presage.KindArray:
			b = binary.AppendUvarint(b, head|tagArray)
			b = appendArray(b, e.value.Array)
		case presage.KindNumber:
			tag := numberTag(e.value.Number)
			b = binary.AppendUvarint(b, head|uint64(tag))
			b = appendNumber(b, e.value.Number, tag)
		}
	}
	return b
}

// numberTag returns the cheapest tag that gives x back bit for bit.
func numberTag(x float64) int {
	for k := range maxDecimals + 1 {
		m := math.Round(x * power10(k))
		if !(math.Abs(m) < maxMantissa) { // NaN and infinities too
			return tagFloat
		}
		if math.Float64bits(float64(int64(m))/power10(k)) == math.Float64bits(x) {
			return tagDecimal + k
		}
	}
	return tagFloat
}

func appendNumber(b []byte, x float64, tag int) []byte {
	if tag == tagFloat {
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return binary.AppendVarint(b, int64(math.Round(x*power10(tag-tagDecimal))))
}

// appendArray writes all elements with the widest of their tags if that is
// exact for each of them, else as floats.
func appendArray(b []byte, a []float64) []byte {
	b = binary.AppendUvarint(b, uint64(len(a)))
	tag := tagDecimal
	for _, x := range a {
		t := numberTag(x)
		if t == tagFloat {
			tag = tagFloat
			break
		}
		tag = max(tag, t)
	}
	if tag != tagFloat {
		for _, x := range a {
			m := math.Round(x * power10(tag-tagDecimal))
			same := math.Float64bits(float64(int64(m))/power10(tag-tagDecimal)) == math.Float64bits(x)
			if !same || math.Abs(m) >= maxMantissa {
				tag = tagFloat
				break
			}
		}
	}
	b = append(b, byte(tag))
	for _, x := range a {
		b = appendNumber(b, x, tag)
	}
	return b
}

// rowError adds what was wrong to errRow.
func rowError(format string, a ...any) error {
	return fmt.Errorf("%w: %s", errRow, fmt.Sprintf(format, a...))
}
