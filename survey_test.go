package presage_test

import (
	"math"
	"testing"

	"presage"
)

// The intervals are those of R. G. Newcombe, "Two-sided confidence intervals for the
// single proportion", Statistics in Medicine 17 (1998), table I, method 3.
func TestShareOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		yes, n    int
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718},
	} {
		got := presage.ShareOf(tc.yes, tc.n)
		if got.N != tc.n || math.Abs(got.Low-tc.low) > 5e-5 || math.Abs(got.High-tc.high) > 5e-5 {
			t.Errorf("%d of %d: %+v, want %v to %v", tc.yes, tc.n, got, tc.low, tc.high)
		}
	}
	if got := presage.ShareOf(0, 0); got != (presage.Estimate{}) {
		t.Errorf("of none: %+v", got)
	}
}

// The ends of an interval are where the score test begins to refuse (Wilson 1927), which
// is checked by its equation; a few answers that are all the best prove little.
func TestRatingOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		values      []float64
		least, most float64
		mean        float64
	}{
		{[]float64{5, 5, 4}, 1, 5, 14.0 / 3},
		{[]float64{5, 5}, 1, 5, 5},
		{[]float64{1}, 1, 5, 1},
		{[]float64{100, 0, -100, 100}, -100, 100, 25},
		{[]float64{-100, -100, -100}, -100, 100, -100},
	} {
		got := presage.RatingOf(tc.values, tc.least, tc.most)
		if math.Abs(got.Mean-tc.mean) > 1e-9 || got.N != len(tc.values) {
			t.Errorf("%v: mean %v of %d, want %v", tc.values, got.Mean, got.N, tc.mean)
		}
		share := func(x float64) float64 { return (x - tc.least) / (tc.most - tc.least) }
		p, n := share(tc.mean), float64(len(tc.values))
		for _, end := range []float64{got.Low, got.High} {
			theta := share(end)
			off := math.Abs(p-theta) - 1.959964*math.Sqrt(theta*(1-theta)/n)
			if atEdge := theta < 1e-9 || theta > 1-1e-9; math.Abs(off) > 1e-6 && !atEdge {
				t.Errorf("%v: the end %v misses the equation by %v", tc.values, end, off)
			}
		}
		if got.Low < tc.least || got.High > tc.most || got.Low > tc.mean || got.High < tc.mean || got.High-got.Low < 1e-3 {
			t.Errorf("%v: the interval is %v to %v", tc.values, got.Low, got.High)
		}
	}
	if got := presage.RatingOf(nil, 1, 5); got != (presage.Estimate{}) {
		t.Errorf("no answers: %+v", got)
	}
}
