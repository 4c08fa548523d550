package demand_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/forecast/demand"
)

// constant are series that ask for y in each of 24 periods, or for nothing.
func constant(y float64) []demand.Series {
	return []demand.Series{
		{ID: "A", Values: slices.Repeat([]float64{y}, 24)}, {ID: "B", Values: make([]float64, 24)},
	}
}

// A constant goes on: medians are it, and after 24 equal periods the band of
// 80 % is it too; of sums its multiples.
func TestAConstantGoesOn(t *testing.T) {
	t.Parallel()
	for _, y := range []float64{10, 128_050, 1e9} {
		for _, cumulative := range []bool{false, true} {
			o := demand.Default()
			o.Horizon, o.Cumulative = 3, cumulative
			f := forecasts(t, constant(y), o)[0]
			for h, d := range f.Steps {
				want := y
				if cumulative {
					want *= float64(h + 1)
				}
				for _, q := range []float64{.1, .5, .9} {
					if got := d.Quantile(q); math.Abs(got-want) > 1e-3*want {
						t.Errorf("constant %g, sums %t, quantile %g: %g, want %g", y, cumulative, q, got, want)
					}
				}
				if math.Abs(f.Mean[h]-want) > .02*want {
					t.Errorf("constant %g, sums %t: mean %g, want %g", y, cumulative, f.Mean[h], want)
				}
			}
		}
	}
}

// By hand: of a law that is even between 100,000 and 110,000 the quantile q is
// the share q of the way, and its mean the middle, however coarse its steps.
func TestCoarseStepsAreNotRoundedUp(t *testing.T) {
	t.Parallel()
	d := demand.Distribution{Support: []float64{0, 100_000, 102_000, 110_000}, CDF: []float64{0, 0, .2, 1}}
	for q, want := range map[float64]float64{.05: 100_500, .1: 101_000, .2: 102_000, .6: 106_000, 1: 110_000} {
		near(t, fmt.Sprint("quantile ", q), d.Quantile(q), want, 1)
	}
	near(t, "mean", d.Mean(), 105_000, 1)
}

// One period tells a level to a factor, not to 4 %.
func TestOnePeriodTellsLittle(t *testing.T) {
	t.Parallel()
	o := demand.Default()
	o.Horizon = 3
	for h, d := range forecasts(t, []demand.Series{{ID: "A", Values: []float64{128_050}}}, o)[0].Steps {
		low, middle, high := d.Quantile(.1)/128_050, d.Quantile(.5)/128_050, d.Quantile(.9)/128_050
		if low > .7 || high < 1.4 || low < .2 || high > 5 || middle < .7 || middle > 1.1 {
			t.Errorf("%d ahead: quantiles are %v, %v and %v times what was seen", h+1, low, middle, high)
		}
	}
}

// A longer sum is never less likely to pass a number.
func TestRunningSumsNeverFall(t *testing.T) {
	t.Parallel()
	o := small()
	o.Horizon, o.Cumulative = 6, true
	for _, f := range forecasts(t, world(200, 24), o) {
		for h := range f.Steps[1:] {
			for _, q := range demand.Levels() {
				if a, b := f.Steps[h].Quantile(q), f.Steps[h+1].Quantile(q); b < a {
					t.Errorf("%s: quantile %v of %d periods is %v, of %d %v", f.ID, q, h+1, a, h+2, b)
				}
			}
			if f.Mean[h+1] < f.Mean[h] {
				t.Errorf("%s: the mean falls from %v to %v", f.ID, f.Mean[h], f.Mean[h+1])
			}
		}
	}
}

// The mean of a running sum is the sum of the means, and that of its
// distribution too, but for whole pieces.
func TestSumsAndMonthsAgree(t *testing.T) {
	t.Parallel()
	o, series := small(), append(world(300, 24), constant(40)...)
	months := forecasts(t, series, o)
	o.Cumulative = true
	for i, f := range forecasts(t, series, o) {
		sum := 0.0
		for h := range f.Mean {
			sum += months[i].Mean[h]
			near(t, fmt.Sprintf("%s, sum of %d", f.ID, h+1), f.Mean[h], sum, 1e-9*(1+sum))
			near(t, fmt.Sprintf("%s, the distribution's sum of %d", f.ID, h+1), f.Steps[h].Mean(), sum, .1+.03*sum)
		}
	}
}

// The order of the rows is nothing, to any method that learns from all.
func TestRowOrderChangesNoForecast(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"filter", "dynamic", "pooled", "analogue", "boosted"} {
		o, series, want := small(), world(700, 60), map[string]demand.Forecast{} // more origins than are learnt from
		o.Method = method
		for _, f := range forecasts(t, series, o) {
			want[f.ID] = f
		}
		slices.Reverse(series)
		for _, f := range forecasts(t, series, o) {
			if diff := cmp.Diff(want[f.ID], f); diff != "" {
				t.Fatalf("%s, %s: %s", method, f.ID, diff)
			}
		}
	}
}
