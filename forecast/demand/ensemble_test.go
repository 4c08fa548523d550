package demand_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast/demand"
)

// world are series of a known distribution: gamma levels, demands in half the periods,
// some begun late, some ended, some with gaps.
func world(n, periods int) []demand.Series {
	rng := rand.New(rand.NewPCG(11, 7))
	out := make([]demand.Series, n)
	for i := range out {
		level := 3 * rng.ExpFloat64()
		out[i] = demand.Series{ID: fmt.Sprint("P", i), Values: make([]float64, periods)}
		for t := range periods {
			y := 0.0
			if rng.IntN(2) == 0 {
				y = math.Round(level * (1 + rng.ExpFloat64()))
			}
			if i%10 == 0 && t < 9 || i%17 == 0 && t == 12 || i%23 == 0 && t > periods-4 {
				y = math.NaN()
			}
			out[i].Values[t] = y
		}
	}
	return out
}

func small() demand.Options {
	o := demand.Default()
	o.Horizon, o.Season = 4, 6
	return o
}

func refitOnce() demand.Options {
	o := small()
	o.Refit = 9
	return o
}

func forecasts(t *testing.T, series []demand.Series, o demand.Options) []demand.Forecast {
	t.Helper()
	m, err := demand.Fit(t.Context(), series, o)
	if err != nil {
		t.Fatal(err)
	}
	var out []demand.Forecast
	if err := m.Each(t.Context(), series, func(f demand.Forecast) error { out = append(out, f); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryMethodGivesLaws(t *testing.T) {
	t.Parallel()
	series := append(world(30, 24), demand.Series{ID: "unseen", Values: make([]float64, 24)},
		demand.Series{ID: "silent", Values: make([]float64, 24)})
	for i := range series[30].Values {
		series[30].Values[i] = math.NaN()
	}
	for _, method := range append(demand.Methods(), demand.Auto) {
		for _, cumulative := range []bool{false, true} {
			o := small()
			o.Method, o.Cumulative = method, cumulative
			out := forecasts(t, series, o)
			if len(out) != len(series) {
				t.Fatalf("%s: %d forecasts", method, len(out))
			}
			for i, f := range out {
				if f.ID != series[i].ID || len(f.Steps) != 4 || !(f.Obsolete >= 0 && f.Obsolete <= 1) {
					t.Fatalf("%s: %+v", method, f)
				}
				for h, d := range f.Steps {
					last := 0.0
					for k, c := range d.CDF {
						if c < last-1e-12 || c > 1+1e-12 || k > 0 && d.Support[k] <= d.Support[k-1] {
							t.Fatalf("%s %s: P(D <= %v) = %v after %v", method, f.ID, d.Support[k], c, last)
						}
						last = c
					}
					if last != 1 || !(f.Mean[h] >= 0) || math.IsInf(f.Mean[h], 0) {
						t.Errorf("%s %s: ends at %v, mean %v", method, f.ID, last, f.Mean[h])
					}
				}
				if cumulative && f.Mean[3] < f.Mean[0] {
					t.Errorf("%s %s: four periods ask for %v, one for %v", method, f.ID, f.Mean[3], f.Mean[0])
				}
			}
		}
	}
}

func TestForecastsAreTheSameOnAnyNumberOfCores(t *testing.T) {
	t.Parallel()
	series, o := world(520, 18), small()
	o.Workers = 1
	want := forecasts(t, series, o)
	o.Workers = 5
	if diff := cmp.Diff(want, forecasts(t, series, o)); diff != "" {
		t.Error(diff)
	}
}

// The world's demand does not change, so the shares must be right.
func TestTheEnsembleIsCalibrated(t *testing.T) {
	t.Parallel()
	scores, err := demand.Backtest(t.Context(), world(600, 30), []int{20, 22, 24, 26}, refitOnce())
	if err != nil {
		t.Fatal(err)
	}
	auto := scores[0]
	if auto.Method != demand.Auto || len(scores) != 15 || auto.N < 8500 {
		t.Fatalf("%d methods, %+v", len(scores), auto)
	}
	if off := auto.Off(.5, .95); off > .02 { // 9,000 demands, 2,400 of which apart: standard error .01
		t.Errorf("off by %v: %v", off, auto.Below)
	}
	if math.Abs(auto.Bias) > .05 {
		t.Errorf("bias %v", auto.Bias)
	}
	for _, s := range scores[1:] {
		if auto.RPS > 1.01*s.RPS {
			t.Errorf("the ensemble scores %v, %s alone %v", auto.RPS, s.Method, s.RPS)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	ok := world(3, 12)
	for what, f := range map[string]func() error{
		"no series":       func() error { _, err := demand.Fit(t.Context(), nil, small()); return err },
		"a negative one":  func() error { return demand.Check([]demand.Series{{ID: "a", Values: []float64{-1}}}) },
		"unequal lengths": func() error { return demand.Check(append(world(1, 12), world(1, 13)...)) },
		"no method": func() error {
			o := small()
			o.Method = "oracle"
			_, err := demand.Fit(t.Context(), ok, o)
			return err
		},
		"no origin":          func() error { _, err := demand.Backtest(t.Context(), ok, nil, small()); return err },
		"an origin too late": func() error { _, err := demand.Backtest(t.Context(), ok, []int{12}, small()); return err },
	} {
		if err := f(); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := demand.Fit(ctx, ok, small()); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
}

func BenchmarkForecast(b *testing.B) {
	series := world(1000, 36)
	for b.Loop() {
		m, err := demand.Fit(b.Context(), series, demand.Default())
		if err != nil {
			b.Fatal(err)
		}
		if err := m.Each(b.Context(), series, func(demand.Forecast) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(series))/b.Elapsed().Seconds(), "series/s")
}
