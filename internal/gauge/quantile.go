package gauge

import (
	"math"
	"slices"
)

// Quantile is the smallest of values that at least the share q of them does not
// exceed (nearest rank; Hyndman & Fan 1996, definition 1); q in (0, 1]. Values
// need no order and are left alone. It is NaN without values.
func Quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}
