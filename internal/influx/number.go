package influx

import (
	"math"
	"strconv"
)

// maxPlain is the first mantissa that 15 digits do not hold.
const maxPlain = 1_000_000_000_000_000

// appendNumber writes x so that it reads back bit for bit. A decimal of at most
// 15 digits, which is what sensors send, is written digit by digit: it is the
// shortest form of x, because no two of them are the same float64 (IEEE 754,
// DBL_DIG).
func appendNumber(b []byte, x float64) []byte {
	power := 1.0
	for decimals := range 4 {
		m := math.Abs(x) * power
		if m >= maxPlain {
			break
		}
		whole := math.Floor(m + 0.5)
		if whole/power == math.Abs(x) && whole < maxPlain && !(x == 0 && math.Signbit(x)) {
			return appendDecimal(b, uint64(whole), decimals, x < 0)
		}
		power *= 10
	}
	return strconv.AppendFloat(b, x, 'g', -1, 64)
}

// appendDecimal writes m / 10^decimals.
func appendDecimal(b []byte, m uint64, decimals int, negative bool) []byte {
	var digits [20]byte
	i := len(digits)
	for n := 0; m > 0 || n <= decimals; n++ {
		if n == decimals && n > 0 {
			i--
			digits[i] = '.'
		}
		i--
		digits[i] = byte('0' + m%10)
		m /= 10
	}
	if negative {
		i--
		digits[i] = '-'
	}
	return append(b, digits[i:]...)
}
