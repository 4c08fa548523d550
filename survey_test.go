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
