package models

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Wanted: the standard library's sort.
func TestNthIsTheSortedOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 40), func(i int) float64 { return float64(i) / 4 }), 1, 240).Draw(t, "x")
		k := rapid.IntRange(0, len(x)-1).Draw(t, "k")
		if got, want := nth(slices.Clone(x), k), slices.Sorted(slices.Values(x))[k]; got != want {
			t.Fatalf("%g, want %g", got, want)
		}
	})
}
