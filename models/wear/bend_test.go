package wear_test

import (
	"math"
	"testing"

	"presage/models/wear"
)

// By construction y = 12 - 0.002 dx - 2e-5 dx^2/2 about the newest reading, on
// day 120, with hardly any noise: the bend is found and carried ahead, by hand 12 - 0.06 - 0.009 = 11.931 V in 30 days.
func TestFitBend(t *testing.T) {
	t.Parallel()
	prior := wear.Prior{Slope: -0.0004, SlopeSD: 0.003, Noise: 0.002}
	var bent, straight, healing []wear.Point
	for d := range 121 {
		dx := float64(d - 120)
		scatter := 0.001 * math.Sin(float64(9*d))
		bent = append(bent, wear.Point{X: float64(d), Y: 12 - 0.002*dx - 1e-5*dx*dx + scatter, W: 1})
		straight = append(straight, wear.Point{X: float64(d), Y: 12 - 0.002*dx + scatter, W: 1})
		healing = append(healing, wear.Point{X: float64(d), Y: 12 - 0.002*dx + 1e-5*dx*dx + scatter, W: 1})
	}
	line, bend := wear.FitBend(bent, prior, 2.5e-5)
	_, mid, _ := wear.Passage{Line: line, Bend: bend, Falling: true, Usage: wear.Usage{PerDay: 1}}.Band(30)
	if math.Abs(bend.A+2e-5) > 2e-6 || math.Abs(mid-11.931) > 0.004 {
		t.Errorf("bend %+v, %g V in 30 days, want -2e-5 and 11.931", bend, mid)
	}
	if _, b := wear.FitBend(straight, prior, 2.5e-5); math.Abs(b.A) > 2e-6 {
		t.Errorf("a straight line bends by %g", b.A)
	}
	for name, points := range map[string][]wear.Point{"healing": healing, "nothing": nil} {
		want := wear.Fit(points, prior)
		if got, b := wear.FitBend(points, prior, 2.5e-5); b != (wear.Bend{}) || got != want {
			t.Errorf("%s: %+v %+v, want the straight line", name, got, b)
		}
	}
}
