package eval

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"presage/cmd/presage/lab/sheet"
	"presage/models/battery"
	"presage/models/median"
)

// earlyLife are cells described by their first hundred cycles, and their lives in cycles.
type earlyLife struct {
	features [][]float64
	life     []float64
}

// readSeverson reads the features of the "discharge" model (Severson et al.,
// Nature Energy 4:383, 2019, table 1): variance, minimum, skewness and kurtosis of the change of
// the discharge curve between cycles 10 and 100, the capacity at cycle 2, and how much it rose since.
// A capacity off its cell's median by 0.1 Ah is a fault of the record.
func readSeverson(dir string) (earlyLife, error) {
	var e earlyLife
	table, err1 := sheet.Read(filepath.Join(dir, "features_cycles2_100_train.csv"))
	fade, err2 := sheet.Read(filepath.Join(dir, "discharge_capacity_Ah_cycles2_100_train.csv"))
	change, err3 := sheet.Read(filepath.Join(dir, "dQ_100_10_of_V_train.csv"))
	if err := errors.Join(err1, err2, err3); err != nil {
		return e, err
	}
	life, err1 := table.Numbers("cycle_life", false)
	variance, err2 := table.Numbers("log10_var_dQ", false)
	minimum, err3 := table.Numbers("log10_absmin_dQ", false)
	if err := errors.Join(err1, err2, err3); err != nil {
		return e, err
	}
	e.life = life
	for i := range life {
		q, err1 := numbers(fade.Rows[i][1:])
		d, err2 := numbers(change.Rows[i][1:])
		if err := errors.Join(err1, err2); err != nil {
			return e, fmt.Errorf("cell %d: %w", i+1, err)
		}
		skewness, kurtosis := moments(d)
		mid := median.Of(q)
		q = slices.DeleteFunc(q, func(x float64) bool { return math.Abs(x-mid) > 0.1 })
		e.features = append(e.features, []float64{
			variance[i], minimum[i], math.Log10(math.Abs(skewness)), math.Log10(kurtosis), q[0], slices.Max(q) - q[0],
		})
	}
	return e, nil
}

func numbers(texts []string) ([]float64, error) {
	out := make([]float64, len(texts))
	for i, text := range texts {
		var err error
		if out[i], err = strconv.ParseFloat(text, 64); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// moments are the third and fourth standardised moments.
func moments(x []float64) (skewness, kurtosis float64) {
	n, mean, m2, m3, m4 := float64(len(x)), 0., 0., 0., 0.
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		d := v - mean
		m2, m3, m4 = m2+d*d/n, m3+d*d*d/n, m4+d*d*d*d/n
	}
	return m3 / math.Pow(m2, 1.5), m4 / (m2 * m2)
}

// folds is the tenfold split of the check: every tenth cell.
const folds = 10

// penalties are tried by leave-one-out within each training part.
func penalties() []float64 { return []float64{1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1} }

// rootError is the root mean square error in cycles of a regression of log life on the
// first so many features: of all cells on themselves, and of each tenth on the others.
func (e earlyLife) rootError(features int) (inSample, crossValidated float64, err error) {
	fit := func(without int) (battery.Ridge, error) {
		var x [][]float64
		var y []float64
		for i, f := range e.features {
			if without < 0 || i%folds != without {
				x, y = append(x, f[:features]), append(y, math.Log10(e.life[i]))
			}
		}
		return battery.FitRidge(x, y, penalties())
	}
	all, err := fit(-1)
	if err != nil {
		return 0, 0, err
	}
	for fold := range folds {
		r, err := fit(fold)
		if err != nil {
			return 0, 0, err
		}
		for i := fold; i < len(e.life); i += folds {
			x := e.features[i][:features]
			inSample += square(math.Pow(10, all.At(x)) - e.life[i])
			crossValidated += square(math.Pow(10, r.At(x)) - e.life[i])
		}
	}
	n := float64(len(e.life))
	return math.Sqrt(inSample / n), math.Sqrt(crossValidated / n), nil
}

// checkSeverson predicts lives from the first hundred cycles.
func checkSeverson(dir string, t *Table) error {
	e, err := readSeverson(filepath.Join(dir, "battery_severson"))
	if err != nil {
		return err
	}
	const published = 103 // the variance model on the cells it was fitted to
	inSample, crossed, err := e.rootError(1)
	if err != nil {
		return err
	}
	t.Report("cycle life by variance alone, Severson cells",
		fmt.Sprintf("RMSE %.1f cycles in-sample, %.1f tenfold", inSample, crossed), "103 in-sample (Severson et al. 2019)")
	if inSample, crossed, err = e.rootError(len(e.features[0])); err != nil {
		return err
	}
	t.Judge(crossed < published, "cycle life by six features, Severson cells",
		fmt.Sprintf("RMSE %.1f cycles in-sample, %.1f tenfold: %.2f of the reference", inSample, crossed, crossed/published),
		"below 103, the variance model in-sample; tenfold counts")
	return nil
}
