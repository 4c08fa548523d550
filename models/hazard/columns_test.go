package hazard_test

import (
	"math"
	"testing"

	"presage/models/hazard"
)

// Squared errors of 1, 1, 5, 5 and 9 where nothing is known: by hand the split
// lies between 2 and 3, the leaves are the means, and the missing goes with the higher.
func TestColumnsGrowForAnyLoss(t *testing.T) {
	t.Parallel()
	columns := hazard.NewColumns([][]float64{{1, 2, 3, 4, math.NaN()}}, 16)
	tree := columns.Grow([]int{0, 1, 2, 3, 4}, []float64{-1, -1, -5, -5, -9}, []float64{1, 1, 1, 1, 1},
		hazard.Config{Depth: 1, Rate: 1, LeafRows: 1})
	for x, want := range map[float64]float64{0: 1, 2.4: 1, 2.6: 19. / 3, 9: 19. / 3} {
		if got := tree.At([]float64{x}); math.Abs(got-want) > 1e-12 {
			t.Errorf("at %v: %v, want %v", x, got, want)
		}
	}
	if got := tree.At([]float64{math.NaN()}); math.Abs(got-19./3) > 1e-12 {
		t.Errorf("missing: %v", got)
	}
}
