package demand_test

import (
	"math"
	"testing"

	"presage/forecast/demand"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.8g, want %.8g", what, got, want)
	}
}

// Demands 2 in period 2, 4 in period 5, 3 in period 6. By hand with alpha .1:
//
//	sizes      2, 2 + .1 x 2 = 2.2, 2.2 + .1 x .8 = 2.28
//	intervals  2, 2 + .1 x 1 = 2.1, 2.1 - .1 x 1.1 = 1.99
//
// which is what R's forecast::croston does (sizes and intervals by ses with
// initial = "simple").
func TestCrostonByHand(t *testing.T) {
	t.Parallel()
	ys := []float64{0, 2, math.NaN(), 0, 0, 4, 3}
	near(t, "Croston", demand.Croston(ys, .1), 2.28/1.99, 1e-12)
	near(t, "SBA", demand.SBA(ys, .1), .95*2.28/1.99, 1e-12)
	// Probability 1/2 at the first demand, then .45, .405, .4645, .51805.
	near(t, "TSB", demand.TSB(ys, .1, .1), 2.28*.51805, 1e-12)
	near(t, "SES", demand.SES([]float64{1, 2, 3}, .5), 2.25, 1e-12)
	for what, f := range map[string]func([]float64, float64) float64{
		"Croston": demand.Croston, "SES": demand.SES, "ADIDA": demand.ADIDA, "IMAPA": demand.IMAPA,
	} {
		near(t, what+" of silence", f([]float64{0, 0, 0}, .1), 0, 0)
		near(t, what+" of nothing", f([]float64{math.NaN()}, .1), 0, 0)
	}
}

// Seven periods, three demands: an interval of 7/3, so blocks of 2. From the
// end: (0+2)... with the first value left over the sums are 2, 0, 7 and the
// smoothed 2, 1.8, 2.32, half of it a period. IMAPA is its mean with SES of the
// values themselves: 0, .2, .18, .162, .1458, .53122, .778098.
func TestAggregationByHand(t *testing.T) {
	t.Parallel()
	ys := []float64{0, 2, 0, 0, 0, 4, 3}
	near(t, "ADIDA", demand.ADIDA(ys, .1), 1.16, 1e-12)
	near(t, "IMAPA", demand.IMAPA(ys, .1), (1.16+.778098)/2, 1e-12)
}

// Syntetos, Boylan and Croston 2005: intervals 1.32, squared variation .49.
func TestClassify(t *testing.T) {
	t.Parallel()
	for want, ys := range map[demand.Class][]float64{
		demand.Smooth: {3, 4, 3, 4, 5}, demand.Erratic: {1, 9, 1, 1, 1}, demand.Intermittent: {0, 1, 0, 0, 1},
		demand.Lumpy: {0, 9, 0, 1, 0, 1, 0},
	} {
		if got := demand.Classify(ys); got != want {
			t.Errorf("%v is %v, want %v", ys, got, want)
		}
	}
	if demand.Classify([]float64{math.NaN(), 5}) != demand.Intermittent {
		t.Error("one demand tells no class")
	}
}

// With a demand in every other period and death in one of ten, two silent
// periods: alive (.9 x .5)^2 = .2025, dead .1 (1 + .45) = .145.
func TestObsoleteByHand(t *testing.T) {
	t.Parallel()
	near(t, "after two silent periods", demand.Obsolete(.5, .1, 2), .145/(.145+.2025), 1e-12)
	near(t, "right after a demand", demand.Obsolete(.5, .1, 0), 0, 0)
	last := 0.0
	for silence := 1.0; silence < 60; silence++ {
		p := demand.Obsolete(.3, .01, silence)
		if p < last || p > 1 {
			t.Fatalf("%v after %v periods, %v before", p, silence, last)
		}
		last = p
	}
}

// P(0) = .5, P(1) = .25, P(4) = .25: for y = 1 the score is .5^2 x 1 + .25^2 x 3;
// for y = 6 it is .5^2 + .75^2 x 3 + 2.
func TestDistributionByHand(t *testing.T) {
	t.Parallel()
	d := demand.Distribution{Support: []float64{0, 1, 2, 3, 4}, CDF: []float64{.5, .75, .75, .75, 1}}
	near(t, "score of 1", d.RPS(1), .25+.0625*3, 1e-12)
	near(t, "score of 6", d.RPS(6), .25+.5625*3+2, 1e-12)
	near(t, "mean", d.Mean(), .25+1, 1e-12)
	for q, want := range map[float64]float64{.1: 0, .5: 0, .51: 1, .75: 1, .9: 4} {
		near(t, "quantile", d.Quantile(q), want, 0)
	}
}
