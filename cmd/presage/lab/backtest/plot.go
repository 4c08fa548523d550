package backtest

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"gonum.org/v1/plot/plotter"

	"presage/cmd/presage/lab/graph"
	"presage/models/eval"
)

// Report writes table.txt into dir and to w, and draws the months ahead and,
// where there is a score, its reliability.
func Report(r Result, dir string, w io.Writer) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	text := r.table()
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "table.txt"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	if err := r.drawMonths(dir); err != nil || r.Score == nil {
		return err
	}
	return DrawReliability(r.Score.Rolling.Bins, "Replaced within the horizon, rolling cuts", dir)
}

func (r Result) table() string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "month\tmean\t10 %\t50 %\t90 %")
	for _, m := range r.Months {
		fmt.Fprintf(t, "%s\t%.2f\t%d\t%d\t%d\n", m.Month, m.Mean, m.P10, m.P50, m.P90)
	}
	if r.Score != nil {
		fmt.Fprintln(t, "\nscore\tthis cut\trolling")
		row := func(what, form string, of func(Scored) any) {
			fmt.Fprintf(t, "%s\t"+form+"\t"+form+"\n", what, of(r.Score.Cut), of(r.Score.Rolling))
		}
		row("cuts", "%d", func(s Scored) any { return s.Origins })
		row("replaced, expected", "%.1f", func(s Scored) any { return s.Expected })
		row("replaced, observed", "%d", func(s Scored) any { return s.Observed })
		row("calibration error", "%.4f", func(s Scored) any { return s.CalibrationError })
		row("Brier", "%.4f", func(s Scored) any { return s.Brier })
		row("Brier of the base rate", "%.4f", func(s Scored) any { return s.BaseRateBrier })
		row("80 % band holds", "%.3f", func(s Scored) any { return s.Coverage })
		row("80 % band holds, randomised", "%.3f", func(s Scored) any { return s.Randomised })
	}
	_ = t.Flush() // a builder takes everything
	return b.String()
}

func (r Result) drawMonths(dir string) error {
	p := graph.New("Replacements a month", "months ahead", "replacements")
	var low, mid, high plotter.XYs
	for i, m := range r.Months {
		x := float64(i + 1)
		low = append(low, plotter.XY{X: x, Y: float64(m.P10)})
		mid = append(mid, plotter.XY{X: x, Y: m.Mean})
		high = append(high, plotter.XY{X: x, Y: float64(m.P90)})
	}
	if err := graph.Band(p, "10 to 90 %", 0, low, high); err != nil {
		return err
	}
	if err := graph.Line(p, "mean", 0, mid); err != nil {
		return err
	}
	if r.Score != nil {
		var came plotter.XYs
		for i, b := range r.Score.Cut.bands {
			came = append(came, plotter.XY{X: float64(i + 1), Y: b.Actual})
		}
		if err := graph.Dots(p, "came", 1, came); err != nil {
			return err
		}
	}
	p.Y.Min = 0
	return graph.Save(p, dir, "months")
}

// DrawReliability draws said against seen shares with their 90 % intervals.
func DrawReliability(bins []eval.Bin, title, dir string) error {
	p := graph.New(title, "probability said", "share seen")
	var seen, low, high plotter.XYs
	for _, b := range bins {
		seen = append(seen, plotter.XY{X: b.Predicted, Y: b.Observed})
		low = append(low, plotter.XY{X: b.Predicted, Y: b.Low})
		high = append(high, plotter.XY{X: b.Predicted, Y: b.High})
	}
	if err := graph.Dashed(p, "right", 1, plotter.XYs{{}, {X: 1, Y: 1}}); err != nil {
		return err
	}
	if err := graph.Band(p, "90 % interval of the share", 0, low, high); err != nil {
		return err
	}
	if err := graph.Line(p, "seen", 0, seen); err != nil {
		return err
	}
	if err := graph.Dots(p, "", 0, seen); err != nil {
		return err
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	return graph.Save(p, dir, "reliability")
}
