package training

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"presage"
	"presage/cmd/presage/lab/backtest"
	"presage/models/eval"
	"presage/models/hazard"
)

// Verdict is how well probabilities met what came.
type Verdict struct {
	Rows             int        `json:"rows"`
	Failures         int        `json:"failures"`
	Expected         float64    `json:"expected"` // sum of the probabilities
	Brier            float64    `json:"brier"`
	BaseRateBrier    float64    `json:"brier_base_rate"`
	LogLoss          float64    `json:"log_loss"`
	CalibrationError float64    `json:"calibration_error"`
	Concordance      *float64   `json:"concordance"` // null if nobody or everybody failed
	Bins             []eval.Bin `json:"reliability"`
}

// The ways of scoring.
const (
	bins     = 10
	floor    = 1e-6
	maxPairs = 8000 // rows between which pairs are compared
)

// Judge scores a model on rows of a history. ErrInvalid: there are none.
func Judge(m *hazard.Model, d hazard.Data, rows []int) (Verdict, error) {
	if len(rows) == 0 {
		return Verdict{}, fmt.Errorf("evaluate: %w: no row that the model has not seen; give later data, or --all",
			presage.ErrInvalid)
	}
	v := Verdict{Rows: len(rows)}
	forecasts, watched := make([]eval.Forecast, len(rows)), make([]eval.Watched, len(rows))
	x := make([]float64, len(d.X))
	for k, i := range rows {
		for j := range d.X {
			x[j] = d.X[j][i]
		}
		forecasts[k] = eval.Forecast{Probability: m.Probability(x), Happened: d.Failed[i]}
		watched[k] = eval.Watched{Risk: m.Score(x), Time: 2, Failed: d.Failed[i]}
		v.Expected += forecasts[k].Probability
		if d.Failed[i] {
			v.Failures++
			watched[k].Time = 1 // before those that lived on
		}
	}
	var faults []error
	keep := func(x float64, err error) float64 { faults = append(faults, err); return x }
	v.Brier, v.LogLoss = keep(eval.Brier(forecasts)), keep(eval.LogLoss(forecasts, floor))
	v.CalibrationError = keep(eval.CalibrationError(forecasts, bins))
	if c := keep(eval.Concordance(thin(watched))); !math.IsNaN(c) {
		v.Concordance = &c
	}
	share := float64(v.Failures) / float64(v.Rows)
	v.BaseRateBrier = share * (1 - share)
	var err error
	v.Bins, err = eval.Reliability(forecasts, bins)
	return v, errors.Join(append(faults, err)...)
}

// thin keeps rows evenly: all pairs of a million are too many.
func thin(w []eval.Watched) []eval.Watched {
	if len(w) <= maxPairs {
		return w
	}
	out := make([]eval.Watched, maxPairs)
	for i := range out {
		out[i] = w[i*len(w)/maxPairs]
	}
	return out
}

// Report writes a readable table to w, and into dir with the reliability plot if dir is not "".
func (v Verdict) Report(w io.Writer, dir string) error {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "rows\t%d\n", v.Rows)
	fmt.Fprintf(t, "failures\t%d, %.1f expected\n", v.Failures, v.Expected)
	fmt.Fprintf(t, "Brier\t%.5f, base rate %.5f\n", v.Brier, v.BaseRateBrier)
	fmt.Fprintf(t, "log loss\t%.5f\n", v.LogLoss)
	fmt.Fprintf(t, "calibration error\t%.4f\n", v.CalibrationError)
	if v.Concordance != nil {
		fmt.Fprintf(t, "concordance\t%.4f\n", *v.Concordance)
	}
	fmt.Fprintln(t, "\nsaid\tseen\trows\t90 % interval")
	for _, bin := range v.Bins {
		fmt.Fprintf(t, "%.4f\t%.4f\t%d\t%.4f - %.4f\n", bin.Predicted, bin.Observed, bin.N, bin.Low, bin.High)
	}
	_ = t.Flush() // a builder takes everything
	if _, err := io.WriteString(w, b.String()); err != nil || dir == "" {
		return err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "table.txt"), []byte(b.String()), 0o600); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	return backtest.DrawReliability(v.Bins, "Failures, said and seen", dir)
}
