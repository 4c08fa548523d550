package eval

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"presage/cmd/presage/lab/history"
	"presage/cmd/presage/progress"
	"presage/forecast/demand"
)

// PartsFiles are the public histories of parts demand below the data folder.
func PartsFiles(data string) []string {
	return []string{
		filepath.Join(data, "carparts", "carparts_months_1_39.csv"),
		filepath.Join(data, "spare_parts", "auto_3000x24_monthly.csv"),
		filepath.Join(data, "spare_parts", "manufacturing_3451x150_weekly.csv"),
		filepath.Join(data, "spare_parts", "published_servicelevels_AUTO.csv"),
	}
}

// evaluateParts judges the forecasts of parts demand by published splits. The
// constants of the methods come from the periods before each split alone.
func evaluateParts(ctx context.Context, o Options, t *Table) error {
	files := PartsFiles(o.Parts)
	carparts, err := history.Read(files[0])
	if err != nil {
		return err
	}
	auto, err := history.Read(files[1])
	if err != nil {
		return err
	}
	manufacturing, err := history.Read(files[2], "price_eur")
	if err != nil {
		return err
	}
	published, err := publishedCurves(files[3])
	if err != nil {
		return err
	}
	bar := progress.New(o.Progress, "parts demand", "steps", 6)
	defer bar.Finish()
	for _, step := range []func() error{
		func() error { return judgeCarparts(ctx, carparts, t) },
		func() error { return judgeAuto(ctx, auto, t) },
		func() error { return judgeManufacturing(ctx, manufacturing, t) },
		func() error { return judgeStock(ctx, auto, published, t) },
		func() error { return reportInventory(ctx, carparts, t) },
		func() error { return judgeConvolution(t) },
	} {
		if err := step(); err != nil {
			return err
		}
		bar.Add(1)
	}
	return nil
}

// baselines are the methods that the ensemble has to beat by its own.
func baselines() []string {
	return []string{"croston", "sba", "tsb", "adida", "imapa", "empirical", "bootstrap"}
}

// ensembleGain is by how much the ensemble must beat the law of the last 12 months.
const ensembleGain = 0.05

func judgeCarparts(ctx context.Context, series []demand.Series, t *Table) error {
	options := demand.Default()
	for _, split := range []struct {
		name string
		cuts []int
	}{{"months 28-39", []int{27}}, {"origins 18, 21, 24, 27", []int{18, 21, 24, 27}}} {
		scores, err := demand.Backtest(ctx, series, split.cuts, options)
		if err != nil {
			return err
		}
		name := "carparts, " + split.name
		judgeScore(t, name+": RPS", scores, func(s demand.Score) float64 { return s.RPS })
		judgeScore(t, name+": WQL", scores, func(s demand.Score) float64 { return s.WQL })
		t.Judge(math.Abs(scores[0].Bias) <= 0.05, name+": bias", fmt.Sprintf("%+.1f %%", 100*scores[0].Bias), "within 5 %")
		judgeShares(t, name, scores[0])
	}
	options.Cumulative = true
	scores, err := demand.Backtest(ctx, series, []int{27}, options)
	if err != nil {
		return err
	}
	judgeScore(t, "carparts, sums of 1 to 12 months: RPS", scores, func(s demand.Score) float64 { return s.RPS })
	return judgeSpeed(ctx, series, t)
}

// judgeScore holds if the ensemble is better than every baseline, and by
// enough than the law of the last 12 months.
func judgeScore(t *Table, name string, scores []demand.Score, of func(demand.Score) float64) {
	ours, best, last := of(scores[0]), demand.Score{}, 0.0
	for _, s := range scores {
		if s.Method == "empirical" {
			last = of(s)
		}
		if slices.Contains(baselines(), s.Method) && (best.Method == "" || of(s) < of(best)) {
			best = s
		}
	}
	gain := 1 - ours/last
	t.Judge(ours < of(best) && gain >= ensembleGain, name, fmt.Sprintf("%.4f, %.1f %% below", ours, 100*gain),
		fmt.Sprintf("5 %% below the last 12 months' %.4f, below %s %.4f", last, best.Method, of(best)))
}

// judgeShares holds if the shares of what came under each quantile are its level.
func judgeShares(t *Table, name string, s demand.Score) {
	t.Judge(s.Off(.5, .95) <= 0.01, name+": shares under the quantiles .5-.95", shares(s),
		"within 1 point (randomised PIT)")
}

func shares(s demand.Score) string {
	var text strings.Builder
	for i, q := range demand.Levels() {
		if q >= .5 && q <= .95 {
			fmt.Fprintf(&text, "%.3f ", s.Below[i])
		}
	}
	fmt.Fprintf(&text, "(worst %.1f points)", 100*s.Off(.5, .95))
	return text.String()
}

func judgeSpeed(ctx context.Context, series []demand.Series, t *Table) error {
	begin := time.Now()
	m, err := demand.Fit(ctx, series, demand.Default())
	if err != nil {
		return err
	}
	n := 0.0
	err = m.Each(ctx, series, func(f demand.Forecast) error {
		for _, d := range f.Steps {
			for _, q := range demand.Levels()[:10] {
				n += d.Quantile(q)
			}
		}
		return nil
	})
	took := time.Since(begin).Seconds()
	t.Judge(took < 10, "carparts, ensemble of all methods: time", fmt.Sprintf("%.1f s, %.0f series/s", took,
		float64(len(series))/took),
		"10 s for 2,674 series, 12 months, 10 quantiles (R forecast 8.20, croston alone: 399 s)")
	return err
}

func judgeAuto(ctx context.Context, series []demand.Series, t *Table) error {
	options := demand.Default()
	options.Horizon = 1
	scores, err := demand.Backtest(ctx, series, []int{17, 18, 19, 20, 21, 22, 23}, options)
	if err != nil {
		return err
	}
	s := scores[0]
	t.Judge(s.MSE < 83.09, "AUTO, one month ahead, months 18-24: MSE", fmt.Sprintf("%.2f", s.MSE),
		"SBA 83.09, best of seven (de Haan 2021)")
	t.Judge(s.RMSE < 4.021, "AUTO, one month ahead, months 18-24: RMSE", fmt.Sprintf("%.3f", s.RMSE), "SBA 4.021, same")
	t.Report("AUTO, one month ahead, months 18-24: MASE", fmt.Sprintf("%.3f", s.MASE),
		"SBA 0.777, same; it rewards medians")
	judgeShares(t, "AUTO, one month ahead, months 18-24", s)
	return nil
}

// judgeManufacturing judges the series that the table has: two demands at
// least in the first 105 weeks.
func judgeManufacturing(ctx context.Context, series []demand.Series, t *Table) error {
	const train, test = 105, 45
	var judged []demand.Series
	for _, s := range series {
		hits := 0
		for _, y := range s.Values[:train] {
			if y > 0 {
				hits++
			}
		}
		if hits >= 2 {
			judged = append(judged, s)
		}
	}
	cuts := make([]int, test)
	for i := range cuts {
		cuts[i] = train + i
	}
	options := demand.Default()
	options.Horizon, options.Season, options.Refit = 1, 0, 15
	scores, err := demand.Backtest(ctx, judged, cuts, options)
	if err != nil {
		return err
	}
	s := scores[0]
	name := fmt.Sprintf("MANUFACTURING (%s series), one week ahead, weeks 106-150: ", grouped(len(judged)))
	t.Judge(s.MSE < 12921.67, name+"MSE", fmt.Sprintf("%.0f", s.MSE), "SBA 12,922, best of five (de Haan 2021)")
	t.Judge(s.RMSE < 15.739, name+"RMSE", fmt.Sprintf("%.3f", s.RMSE), "SES 15.739, best of five")
	t.Report(name+"series that decide the MSE", fmt.Sprintf("%.1f", s.Deciding),
		"of all; where it is near one, a single series picks the best method")
	t.Report(name+"MAE, MASE", fmt.Sprintf("%.3f, %.3f", s.MAE, s.MASE),
		"TSB 7.938, 1.948; zero for everything 6.447, 1.593: no measure of a forecast where 93 % is zero")
	best := slices.MinFunc(scores[1:8], func(a, b demand.Score) int {
		if a.RPS < b.RPS {
			return -1
		}
		return 1
	})
	t.Judge(s.RPS < best.RPS, name+"RPS", fmt.Sprintf("%.3f", s.RPS), fmt.Sprintf("%s %.3f, best baseline", best.Method,
		best.RPS))
	judgeShares(t, strings.TrimSuffix(name, ": "), s)
	return nil
}
