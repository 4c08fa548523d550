package wear_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"presage/models/wear"
)

// A course asked at a dozen horizons says what the table of all horizons says.
func TestCourseIsTheCurve(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := passages(t)
		p.Falling = rapid.Bool().Draw(t, "falling")
		p.Since = rapid.Float64Range(0, 20).Draw(t, "since")
		curve := p.Curve()
		var ahead wear.Ahead
		ahead.Look(p.Usage)
		var course wear.Course
		course.Set(&p, &ahead)
		for h := range wear.Horizon(len(curve)) {
			if got := course.By(h); math.Abs(got-curve[h]) > 1e-12 {
				t.Fatalf("by %g days: %g, the table says %g", h.Days(), got, curve[h])
			}
		}
		got, want := wear.OutlookOf(course.By), curve.Outlook()
		for _, x := range [][2]float64{
			{got.D7, want.D7}, {got.D30, want.D30}, {got.D60, want.D60}, {got.D90, want.D90},
		} {
			if math.Abs(x[0]-x[1]) > 1e-12 {
				t.Fatalf("%+v, the table says %+v", got, want)
			}
		}
		for _, x := range [][3]float64{{0.1, got.P10, want.P10}, {0.5, got.P50, want.P50}, {0.9, got.P90, want.P90}} {
			if math.Abs(x[1]-x[2]) > 1e-6*(1+x[2]) && math.Abs(curve.At(x[1])-x[0]) > 1e-8 {
				t.Fatalf("%+v, the table says %+v", got, want)
			}
		}
	})
}

// Wanted by arithmetic: constant hazard of 1 % a day is 1-exp(-0.07) within a
// week; a function that stays below 0.9 has its last quantile at the end.
func TestOutlookOf(t *testing.T) {
	t.Parallel()
	asked := 0
	o := wear.OutlookOf(func(h wear.Horizon) float64 {
		asked++
		return math.Min(0.8, -math.Expm1(-0.01*h.Days()))
	})
	near(t, "P(7 d)", o.D7, 0.0676062, 1e-6)
	near(t, "P(90 d)", o.D90, 0.5934303, 1e-6)
	near(t, "P10", o.P10, 10.536, 0.05) // -100 ln 0.9, linear between 10 and 14 days
	near(t, "P50", o.P50, 69.31, 0.2)
	near(t, "P90", o.P90, wear.LastDay, 0)
	if asked > 16 {
		t.Errorf("asked %d horizons of 33", asked)
	}
	certain := wear.OutlookOf(func(wear.Horizon) float64 { return 1 })
	near(t, "P90 of what has failed", certain.P90, 0, 0)
}
