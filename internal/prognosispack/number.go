package prognosispack

import (
	"encoding/binary"
	"math"

	"presage/internal/packed"
)

// The first byte of a number.
const (
	zero  = 0
	exact = 1 // its eight bytes follow
	// tenths + e: a whole number of 10^e follows, e from -mostTens to mostTens.
	tenths = 2 + mostTens
)

const (
	mostTens = 22 // 10^22 is the last power of ten that a float64 holds exactly
	digits   = 7  // significant, of a number that is stored as a whole one
)

// tens are the powers of ten.
var tens = func() (out [mostTens + 1]float64) { //nolint:gochecknoglobals // a constant table
	x := 1.
	for i := range out {
		out[i] = x
		x *= 10
	}
	return out
}()

func (w *writer) number(x float64) {
	if math.Float64bits(x) == 0 {
		w.out = append(w.out, zero)
	} else if whole, e, ok := decimal(x); ok {
		w.out = binary.AppendVarint(append(w.out, byte(tenths+e)), whole)
	} else {
		w.endless = w.endless || x-x != 0 // true of Inf and NaN alone
		w.out = binary.LittleEndian.AppendUint64(append(w.out, exact), math.Float64bits(x))
	}
}

// decimal finds the whole number and the power of ten that are x, if it has few digits.
func decimal(x float64) (whole int64, e int, ok bool) {
	_, twos := math.Frexp(x)                                               // 0 for -0, Inf and NaN
	e = int(math.Floor(float64(twos-1)*(math.Ln2/math.Ln10))) - digits + 1 // at times a digit too many: no harm
	if x-x != 0 || x == 0 || -e > mostTens || e > mostTens-digits {
		return 0, 0, false
	}
	whole = int64(math.Round(scaled(x, -e)))
	if scaled(float64(whole), e) != x {
		return 0, 0, false
	}
	for whole%10 == 0 {
		whole, e = whole/10, e+1
	}
	return whole, e, scaled(float64(whole), e) == x
}

// scaled is x * 10^e. It is the number nearest to it for a whole x of up to 15
// digits, for both factors are exact then (Clinger 1990, the fast path).
func scaled(x float64, e int) float64 {
	if e < 0 {
		return x / tens[-e]
	}
	return x * tens[e]
}

func number(r *packed.Reader) float64 {
	switch first := r.Byte(); {
	case first == zero:
		return 0
	case first == exact:
		return r.Float()
	case int(first) <= tenths+mostTens:
		return scaled(float64(r.Signed()), int(first)-tenths)
	}
	r.Bad = true
	return 0
}
