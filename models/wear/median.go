package wear

import (
	"math"
)

// medians runs over points: the median of the five readings around each, of
// three next to the ends, and the mean of the end and its neighbour at the ends.
// Readings are compared as whole numbers of the same order, which a processor
// does without a branch to guess.
type medians struct{ a, b, c, d, e int64 }

// next is the running median at i; it must be asked for every point in turn.
func (m *medians) next(points []Point, i int) float64 {
	last := len(points) - 1
	if i >= 2 && i <= last-2 {
		if i == 2 {
			m.b, m.c = ordered(points[0].Y), ordered(points[1].Y)
			m.d, m.e = ordered(points[2].Y), ordered(points[3].Y)
		}
		m.a, m.b, m.c, m.d, m.e = m.b, m.c, m.d, m.e, ordered(points[i+2].Y)
		return unordered(median5(m.a, m.b, m.c, m.d, m.e))
	}
	switch {
	case last == 0:
		return points[0].Y
	case i == 0:
		return (points[0].Y + points[1].Y) / 2
	case i == last:
		return (points[last-1].Y + points[last].Y) / 2
	}
	return unordered(median3(ordered(points[i-1].Y), ordered(points[i].Y), ordered(points[i+1].Y)))
}

// ordered is x as a whole number that compares as x does.
func ordered(x float64) int64 {
	k := int64(math.Float64bits(x))
	return k ^ int64(uint64(k>>63)>>1)
}

// unordered is the inverse of ordered.
func unordered(k int64) float64 { return math.Float64frombits(uint64(k ^ int64(uint64(k>>63)>>1))) }

func median3(a, b, c int64) int64 { return max(min(a, b), min(max(a, b), c)) }

// median5: the larger of the pairs' minima, the smaller of their maxima, and the fifth.
func median5(a, b, c, d, e int64) int64 {
	return median3(max(min(a, b), min(c, d)), min(max(a, b), max(c, d)), e)
}
