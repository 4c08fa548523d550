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
	Error     float64 // relative
	RootError float64 // root mean square of the capacities beyond the given ones
}

// LeaveOneOut forecasts each cell from its first given capacities and what the
// other cells did over their lives. The relative error of the life left counts
// from the second cycle beyond the given ones, and life beyond the end of the record does not
// count, as in the published comparisons (Chen, Hong & Zhou, IEEE Access 10:19621,
// 2022, and their programs).
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
		predicted := math.Min(r.P50, r.Left+1)
		for i, q := range curve[given:] {
			r.RootError += square(q-f.Capacity[i]) / float64(len(curve)-given)
			if !r.Reached && q <= limit {
				r.Left, r.Reached = float64(i+1), true
			}
		}
		r.RootError = math.Sqrt(r.RootError)
		// In cycles after the first beyond the given ones, where there was a crossing.
		truth, said := r.Left, predicted-2
		if r.Reached {
			truth -= 2
		}
		if predicted > float64(len(curve)-given) {
			said = float64(len(curve) - given)
		}
		r.Error = math.Abs(truth-said) / truth
		out = append(out, r)
	}
	return out, nil
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
			mean += x.Error / float64(len(results))
			texts = append(texts, fmt.Sprintf("%s %.3f", x.Cell, x.Error))
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
