package eval

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"presage/cmd/presage/lab/backtest"
	"presage/cmd/presage/progress"
	laws "presage/models/eval"
	lives "presage/models/life"
)

// The Madison buses (Rust 1987): groups 1 to 3 have a fit by R's survreg, the
// rest is reported.
const (
	busHorizon = 12 // months
	busDraws   = 500
	busScale   = 264_477.
	busShape   = 4.79
)

// evaluateRenewals forecasts a real fleet's engine replacements from one cut
// after the other. It is left out where the folder is not there.
func evaluateRenewals(o Options, t *Table) error {
	odometer := filepath.Join(o.Data, "bus_engines", "odometer_monthly.csv")
	spells := filepath.Join(o.Data, "bus_engines", "engine_spells.csv")
	if _, err := os.Stat(odometer); o.Data == "" || err != nil {
		return nil //nolint:nilerr // nothing to measure
	}
	for _, groups := range [][]string{{"1", "2", "3"}, nil} {
		f, err := backtest.Read(odometer, spells)
		if err != nil {
			return err
		}
		name := "bus engines, all groups"
		if groups != nil {
			f.Keep(groups)
			name = "bus engines, groups 1-3"
			if err := fitBuses(f, t); err != nil {
				return err
			}
		}
		bar, told := progress.New(o.Progress, name, "cuts", 0), 0
		s, err := f.Rolling(backtest.Options{Horizon: busHorizon, Draws: busDraws, Seed: 1, Progress: func(done, _ int) {
			bar.Add(done - told)
			told = done
		}})
		if err != nil {
			return err
		}
		bar.Finish()
		judgeRenewals(s, name, groups != nil, t)
	}
	return nil
}

// fitBuses compares the law of all spells with R's.
func fitBuses(f *backtest.Fleet, t *Table) error {
	k, err := f.At(f.Last, busHorizon)
	if err != nil {
		return err
	}
	fit, err := lives.Fit(slices.Concat(k.Lives...), lives.FamilyWeibull)
	if err != nil {
		return err
	}
	p := fit.Parameters()
	t.Judge(math.Abs(p["scale"]-busScale) < 1 && math.Abs(p["shape"]-busShape) < 0.005,
		"bus engines, groups 1-3, Weibull fit",
		fmt.Sprintf("eta %s beta %.2f log L %.2f", grouped(int(math.Round(p["scale"]))), p["shape"], fit.LogLikelihood),
		"eta 264,477 beta 4.79 log L -352.39 (R survreg)")
	return nil
}

func judgeRenewals(s backtest.Scored, name string, judge bool, t *Table) {
	verdict := func(holds bool, what, result, reference string) {
		if judge {
			t.Judge(holds, name+", "+what, result, reference)
		} else {
			t.Report(name+", "+what, result, reference)
		}
	}
	verdict(s.CalibrationError < 0.03, "replaced within 12 months",
		fmt.Sprintf("calibration error %.2f points; %.1f expected, %d replaced in %d forecasts",
			100*s.CalibrationError, s.Expected, s.Observed, s.Forecasts),
		fmt.Sprintf("below 3 points, rolling cuts (%d)", s.Origins))
	t.Report(name+", Brier", fmt.Sprintf("%.4f, ratio %.2f", s.Brier, s.Brier/s.BaseRateBrier),
		fmt.Sprintf("base rate, which knows the future: %.4f", s.BaseRateBrier))
	verdict(s.Randomised >= 0.7 && s.Randomised <= 0.9, "80 % band of monthly replacements",
		fmt.Sprintf("%.0f %% of %d months; %.1f expected, %d came",
			100*s.Randomised, s.Months, s.ExpectedCount, s.ObservedCount),
		"70 to 90 %; a count on a bound counts by its share within (randomised PIT)")
	widest := slices.MaxFunc(s.Bins, func(a, b laws.Bin) int {
		return cmp.Compare(math.Abs(a.Predicted-a.Observed), math.Abs(b.Predicted-b.Observed))
	})
	t.Report(name+", the same with whole counts", fmt.Sprintf("%.0f %%", 100*s.Coverage),
		"bounds included, so above 80 %: a count of mean 1 lies in 0 to 2 for 92 %")
	t.Report(name+", worst tenth", fmt.Sprintf("said %.3f, seen %.3f of %d", widest.Predicted, widest.Observed, widest.N),
		fmt.Sprintf("90 %% interval of what was seen: %.3f to %.3f", widest.Low, widest.High))
}
