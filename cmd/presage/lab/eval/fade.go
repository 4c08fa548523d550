package eval

import (
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"presage"
	"presage/cmd/presage/lab/sheet"
	"presage/models/battery"
)

// FadeResult is what one cell's forecast came to when the other cells taught it.
type FadeResult struct {
	Cell      string
	Left      float64 // cycles from the given ones to the limit, or to the end of the record
	Reached   bool    // the limit was reached
	P10       float64
	P50       float64
	P90       float64
	Published float64 // relative error as the published comparisons count it; NaN where they cannot
	// Error is the relative error of P50 against the cycles that were left when
	// the limit was reached; NaN where NoError says why there is none.
	Error     float64
	NoError   string
	RootError float64 // root mean square of the capacities beyond the given ones
}

// LeaveOneOut forecasts each cell from its first given capacities and what the
// other cells did over their lives.
func LeaveOneOut(cells map[string][]float64, given int, limit float64) ([]FadeResult, error) {
	var out []FadeResult
	names := slices.Sorted(maps.Keys(cells))
	for _, name := range names {
		var others [][]float64
		for _, other := range names {
			if other != name {
				others = append(others, cells[other])
			}
		}
		curve := cells[name]
		if len(curve) < given+3 {
			return nil, fmt.Errorf("%w cell %s: %d capacities: want %d at least", presage.ErrInvalid, name, len(curve), given+3)
		}
		peers, err := battery.NewPeers(others, given)
		if err != nil {
			return nil, fmt.Errorf("without cell %s: %w", name, err)
		}
		f, err := peers.Forecast(curve[:given])
		if err != nil {
			return nil, fmt.Errorf("cell %s: %w", name, err)
		}
		r := FadeResult{Cell: name, Left: float64(len(curve) - given)}
		r.P10, r.P50, r.P90 = f.Life(limit)
		for i, q := range curve[given:] {
			r.RootError += square(q-f.Capacity[i]) / float64(len(curve)-given)
			if !r.Reached && q <= limit {
				r.Left, r.Reached = float64(i+1), true
			}
		}
		r.RootError = math.Sqrt(r.RootError)
		r.judge(float64(len(curve)-given), float64(len(f.Capacity)))
		out = append(out, r)
	}
	return out, nil
}

// judge compares the forecast with what came within a record that ended so
// many cycles after the given ones; the forecast looks no further than furthest.
func (r *FadeResult) judge(end, furthest float64) {
	r.Published, r.Error = r.published(end), math.NaN()
	switch {
	case !r.Reached:
		r.NoError = "the record ends before the limit: the life left is not known"
	case r.P50 >= furthest:
		r.NoError = "no end of life was forecast within four times the longest of the others"
	default:
		r.Error = math.Abs(r.P50-r.Left) / r.Left
	}
}

// published is the relative error as others count it (Chen, Hong & Zhou, IEEE
// Access 10:19621, 2022, and their programs): from the second cycle beyond the
// given ones, and life beyond the end of the record does not count.
func (r *FadeResult) published(end float64) float64 {
	truth, said := r.Left, math.Min(r.P50, end+1)-2
	if r.Reached {
		truth -= 2
	}
	if r.P50 > end {
		said = end
	}
	if truth <= 0 {
		return math.NaN()
	}
	return math.Abs(truth-said) / truth
}

func square(x float64) float64 { return x * x }

// Curves reads capacities by cycle, the column of cells naming the curves.
func Curves(path, cell, capacity string) (map[string][]float64, error) {
	s, err := sheet.Read(path)
	if err != nil {
		return nil, err
	}
	names, err := s.Texts(cell)
	if err != nil {
		return nil, err
	}
	values, err := s.Numbers(capacity, false)
	if err != nil {
		return nil, err
	}
	out := map[string][]float64{}
	for i, name := range names {
		out[name] = append(out[name], values[i])
	}
	return out, nil
}

// fadeReference is a set of aged cells with what others reached on it.
type fadeReference struct {
	name, file, cell string
	given            int
	limit            float64
	deep, mean       float64 // published; the scaled mean curve
	only             bool    // reported, for nobody asked to beat it
}

// checkFade forecasts the aged cells.
func checkFade(dir string, t *Table) error {
	for _, r := range []fadeReference{
		{"NASA", "battery_nasa/capacity_vs_cycle_4cells.csv", "battery", 16, 1.4, 0.20, 0.333, false},
		{"CALCE", "battery_calce/calce_cs2_35_36_37_38.csv", "cell", 64, 0.77, 0.0698, 0.1144, true},
	} {
		cells, err := Curves(filepath.Join(dir, r.file), r.cell, "capacity_Ah")
		if err != nil {
			return err
		}
		results, err := LeaveOneOut(cells, r.given, r.limit)
		if err != nil {
			return err
		}
		mean, inside := 0., 0
		var texts []string
		for _, x := range results {
			mean += x.Published / float64(len(results))
			texts = append(texts, fmt.Sprintf("%s %.3f", x.Cell, x.Published))
			if x.P10 <= x.Left && (x.Left <= x.P90 || !x.Reached) {
				inside++
			}
		}
		least := math.Min(r.deep, r.mean)
		name := fmt.Sprintf("life left, %s cells, %d capacities given", r.name, r.given)
		result := fmt.Sprintf("relative error %.3f, %.2f of the reference (%s)", mean, mean/least, strings.Join(texts, ", "))
		reference := fmt.Sprintf("below %.4g (deep model, tuned on the test cell) and %.4g (scaled mean curve)",
			r.deep, r.mean)
		if r.only {
			t.Report(name, result, reference)
		} else {
			t.Judge(mean < least, name, result, reference)
		}
		t.Report(fmt.Sprintf("80 %% band of life left, %s cells", r.name),
			fmt.Sprintf("%d of %d inside", inside, len(results)), "80 %; four cells prove little")
	}
	return nil
}
