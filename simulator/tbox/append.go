package tbox

import (
	"math"
	"strconv"
	"time"
)

// appendFixed writes x with the given number of decimals, 0-4, without an exponent.
func appendFixed(b []byte, x float64, decimals int) []byte {
	scales := [...]float64{1, 10, 100, 1000, 10000}
	n := int64(math.Round(x * scales[decimals]))
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	if decimals == 0 {
		return strconv.AppendInt(b, n, 10)
	}
	scale := int64(scales[decimals])
	b = strconv.AppendInt(b, n/scale, 10)
	b = append(b, '.')
	for n %= scale; scale > 1; n %= scale {
		scale /= 10
		b = append(b, byte('0'+n/scale))
	}
	return b
}

// appendName writes the key of a reading with its comma, unless it is the first of its object.
func appendName(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

// appendTime writes an instant in ms since 1970 as a number or as RFC 3339.
func appendTime(b []byte, ms int64, text bool) []byte {
	if !text {
		return strconv.AppendInt(b, ms, 10)
	}
	b = append(b, '"')
	b = time.UnixMilli(ms).UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z07:00")
	return append(b, '"')
}
