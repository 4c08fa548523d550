package wear

import (
	"math"
	"testing"
)

// Wanted: scipy 1.17, stats.t.cdf and stats.t.ppf.
func TestStudentAgainstScipy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ t, nu, want float64 }{
		{0.5, 8, 0.684732},
		{1.5, 8, 0.913998},
		{3, 8, 0.991464},
		{0.5, 14, 0.687579},
		{1.5, 14, 0.922087},
		{3, 14, 0.995224},
		{0.5, 30, 0.689638},
		{1.5, 30, 0.927967},
		{3, 30, 0.997305},
	} {
		// Variance 1, so that the gap is t or -t scales.
		for gap, want := range map[float64]float64{-c.t: c.want, c.t: 1 - c.want} {
			p := Passage{Line: NewLine(0, 0, Spread{Level: 1}, c.nu), Limit: gap}
			line := p.crossing()
			if got := line.beyond(0); math.Abs(got-want) > 0.001 {
				t.Errorf("beyond a gap of %g; %g degrees of freedom: %.6f, want %.6f", gap, c.nu, got, want)
			}
		}
	}
	for _, c := range []struct{ z, nu, want float64 }{
		{z90, 8, 1.396815}, {z90, 14, 1.345030}, {z90, 30, 1.310415}, {2.3263479, 14, 2.624494},
	} {
		if got := studentQuantile(c.z, c.nu); math.Abs(got-c.want) > 0.005 {
			t.Errorf("quantile(%g; %g) = %.6f, want %.6f", c.z, c.nu, got, c.want)
		}
	}
}
