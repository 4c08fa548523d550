package wear

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Wanted: the standard library's sort, on the window the comment names.
func TestRunningMedianIsTheSortedOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 30).Draw(t, "y")
		points := make([]Point, len(y))
		for i := range y {
			points[i].Y = y[i]
		}
		var m medians
		for i := range points {
			reach := min(2, i, len(y)-1-i)
			low, high := i-reach, i+reach+1
			if reach == 0 { // an end: the mean of it and its neighbour
				low, high = max(0, min(i, len(y)-2)), min(len(y), max(i+1, 2))
			}
			window := slices.Sorted(slices.Values(y[low:high]))
			want := (window[(len(window)-1)/2] + window[len(window)/2]) / 2
			if got := m.next(points, i); math.Abs(got-want) > 1e-12 {
				t.Fatalf("at %d of %v: %g, want %g", i, y, got, want)
			}
		}
	})
}
