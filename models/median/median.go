// Package median holds the middle of a set of numbers: of an even count the
// mean of the two in the middle (Hyndman & Fan 1996, definition 2 at 1/2).
package median

import (
	"math"
	"slices"
)

// Number is what a median is taken of. The mean of two may lie between whole ones.
type Number interface {
	~int | ~int16 | ~int32 | ~int64 | ~float32 | ~float64
}

// Of is the median of x, which needs no order and is left alone; NaN when x is empty.
func Of[T Number](x []T) float64 { return Sorting(slices.Clone(x)) }

// Sorting is Of without a copy: it puts x in ascending order.
func Sorting[T Number](x []T) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	slices.Sort(x)
	return (float64(x[(len(x)-1)/2]) + float64(x[len(x)/2])) / 2
}
