package median_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"presage/models/median"
)

// By hand.
func TestOf(t *testing.T) {
	t.Parallel()
	x := []float64{10, 1, 9, 2, 8, 3, 7, 4, 6, 5}
	if got := median.Of(x); got != 5.5 || x[0] != 10 {
		t.Errorf("of 1 to 10: %g, and the first of them is now %g", got, x[0])
	}
	if got := median.Of(x[:3]); got != 9 {
		t.Errorf("of 10, 1, 9: %g", got)
	}
	if got := median.Sorting([]int16{math.MaxInt16, math.MaxInt16}); got != math.MaxInt16 {
		t.Errorf("of two that have no sum of their own: %g", got)
	}
	if got := median.Of([]time.Duration{3, 2}); got != 2.5 {
		t.Errorf("of 2 ns and 3 ns: %g", got)
	}
	if !math.IsNaN(median.Of([]float64{})) || !math.IsNaN(median.Sorting[int](nil)) {
		t.Error("nothing has a median")
	}
}

// As many lie below as above, and the order of the numbers does not matter.
func TestHalfLieOnEitherSide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.IntRange(-9, 9), 1, 12).Draw(t, "x")
		m := median.Of(x)
		below, above := 0, 0
		for _, v := range x {
			if float64(v) < m {
				below++
			} else if float64(v) > m {
				above++
			}
		}
		if 2*below > len(x) || 2*above > len(x) {
			t.Fatalf("%g of %v: %d below, %d above", m, x, below, above)
		}
		back := slices.Clone(x)
		slices.Reverse(back)
		if median.Of(back) != m {
			t.Fatalf("%v turned round has another median", x)
		}
	})
}

func ExampleOf() {
	fmt.Println(median.Of([]float64{12.4, 12.6, 3.1, 12.5}))
	// Output: 12.45
}
