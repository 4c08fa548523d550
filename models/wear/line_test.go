package wear_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"presage/models/wear"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.6g, want %.6g within %g", what, got, want, tolerance)
	}
}

func sixReadings() []wear.Point {
	x := []float64{0, 1, 2.2, 3, 4.1, 5}
	y := []float64{10.2, 11.9, 14.1, 15.2, 17.3, 18.4}
	out := make([]wear.Point, len(x))
	for i := range x {
		out[i] = wear.Point{X: x[i], Y: y[i], W: 1}
	}
	return out
}

// The wanted figures are the fixed point of the reweighted conjugate update,
// computed with numpy 2 from the normal equations (prior slope 1.5 +- 0.8, noise 1 worth 8 readings).
func TestFitAgainstNumpy(t *testing.T) {
	t.Parallel()
	l := wear.Fit(sixReadings(), wear.Prior{Slope: 1.5, SlopeSD: 0.8, Noise: 1})
	near(t, "level", l.Level, 18.5658, 0.005)
	near(t, "slope", l.Slope, 1.65299, 0.002)
	near(t, "noise", l.Noise, 0.72827, 0.005)
	near(t, "nu", l.Nu, 15.4305, 0.05)
	near(t, "sd of the level", l.SD(5), 0.456466, 0.005)
	near(t, "sd of the slope", l.SlopeSD(), 0.150563, 0.002)
}

func TestFitWithoutReadingsIsThePrior(t *testing.T) {
	t.Parallel()
	l := wear.Fit(nil, wear.Prior{Slope: 1.5, SlopeSD: 0.8, Noise: 1, Level: 3, LevelSD: 2})
	near(t, "level", l.Level, 3, 0)
	near(t, "sd of the level", l.SD(0), 2, 1e-12)
	near(t, "sd of the slope", l.SlopeSD(), 0.8, 1e-12)
}

// A fifth of the readings is nonsense: the line must hardly notice.
func TestFitShrugsOffOutliers(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	var points []wear.Point
	for i := range 100 {
		p := wear.Point{X: float64(i) / 10, Y: 20 + 2*float64(i)/10 + rng.NormFloat64(), W: 1}
		if i%5 == 3 {
			p.Y = 100 * rng.Float64()
		}
		points = append(points, p)
	}
	before := slices.Clone(points)
	l := wear.Fit(points, wear.Prior{Slope: 1, SlopeSD: 2, Noise: 1})
	near(t, "level", l.Level, 39.8, 1)
	near(t, "slope", l.Slope, 2, 0.15)
	if !slices.Equal(points, before) {
		t.Error("Fit changed its points")
	}
}

// Wanted by arithmetic: the drop from 80 to 2 at index 6 is a new pad.
func TestLastRenewal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		y       []float64
		falling bool
		want    int
	}{
		"none":              {[]float64{10, 11, 12, 13, 14, 15, 16}, false, 0},
		"new pads":          {[]float64{75, 76, 77, 78, 79, 80, 2, 3, 3, 4}, false, 6},
		"one low reading":   {[]float64{75, 76, 77, 2, 79, 80, 81, 82}, false, 0},
		"two low, no proof": {[]float64{75, 76, 77, 78, 79, 80, 2, 3}, false, 0},
		"sensor came back":  {[]float64{75, 76, 77, 0, 0, 0, 0, 79, 80, 81, 82}, false, 0},
		"twice":             {[]float64{80, 81, 82, 2, 3, 4, 50, 50, 50, 1, 2, 3, 4}, false, 9},
		"pumped up":         {[]float64{220, 218, 215, 240, 239, 240, 238}, true, 3},
		"leaking":           {[]float64{240, 235, 230, 225, 220, 210}, true, 0},
		"empty":             {nil, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := wear.LastRenewal(c.y, 15-3*b2f(c.falling), c.falling); got != c.want {
				t.Errorf("renewal at %d, want %d", got, c.want)
			}
		})
	}
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Wanted: numpy, the formulas of DerSimonian & Laird (1986).
func TestPoolAgainstNumpy(t *testing.T) {
	t.Parallel()
	slope := []float64{1.2, 1.9, 1.5, 2.4, 0.9, 1.7, 900}
	se := []float64{.1, .2, .15, .3, .1, .2, .1}
	mean, sd, ok := wear.Pool(slope, se)
	if !ok {
		t.Fatal("not pooled")
	}
	near(t, "mean", mean, 1.545743, 1e-5)
	near(t, "sd", sd, 0.418711, 1e-5)
	if _, _, ok := wear.Pool(slope[:4], se[:4]); ok {
		t.Error("four slopes were pooled")
	}
}

func BenchmarkFit(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 4))
	points := make([]wear.Point, 120)
	for i := range points {
		points[i] = wear.Point{X: float64(i), Y: float64(i) + rng.NormFloat64(), W: 1}
	}
	b.ReportAllocs()
	for b.Loop() {
		wear.Fit(points, wear.Prior{Slope: 1, SlopeSD: 1, Noise: 1})
	}
}
