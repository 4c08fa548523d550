package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"presage"
	"presage/cmd/presage/lab/eval"
	"presage/models/battery"
)

type batteryLife struct {
	Capacities string  `required:"" type:"existingfile" placeholder:"FILE" help:"A capacity a row, in order of cycles."`
	Cell       string  `default:"battery" placeholder:"COL" help:"Names the cell."`
	Capacity   string  `default:"capacity_Ah" placeholder:"COL" help:"Capacity after the cycle."`
	Given      int     `default:"16" placeholder:"N" help:"Capacities of the cell that the forecast may see."`
	Limit      float64 `required:"" placeholder:"AH" help:"End of life, such as 70 % of the capacity when new."`
	Of         string  `placeholder:"CELL" help:"Forecast this cell; without it, back-test each by the others."`
}

// lifeForecast is what the command prints of a cell.
type lifeForecast struct {
	Cell   string       `json:"cell"`
	Given  int          `json:"given"`
	Left   cyclesResult `json:"cycles_left"`
	Knee   *kneeResult  `json:"knee"`
	Actual *float64     `json:"actual,omitempty"` // of a back-test: to the limit, or to the end of the record
	Ended  *bool        `json:"reached_limit,omitempty"`
	Error  *float64     `json:"relative_error"` // of the median against the cycles that were left; null for a reason
	Reason string       `json:"no_relative_error,omitempty"`
}

type cyclesResult struct {
	P10 float64 `json:"p10"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// kneeResult is where the fade became faster; slopes per cycle.
type kneeResult struct {
	Cycle  int     `json:"cycle"`
	Before float64 `json:"slope_before"`
	After  float64 `json:"slope_after"`
}

// Run forecasts and prints JSON.
func (c batteryLife) Run(_ context.Context, p *process) error {
	cells, err := eval.Curves(c.Capacities, c.Cell, c.Capacity)
	if err != nil {
		return fmt.Errorf("--capacities: %w", err)
	}
	if c.Of != "" {
		f, err := c.forecast(cells)
		if err != nil {
			return err
		}
		return printJSON(p.stdout, f)
	}
	results, err := eval.LeaveOneOut(cells, c.Given, c.Limit)
	if err != nil {
		return err
	}
	out := make([]lifeForecast, len(results))
	for i, r := range results {
		out[i] = lifeForecast{
			Cell: r.Cell, Given: c.Given, Left: cyclesResult{r.P10, r.P50, r.P90}, Knee: kneeOf(cells[r.Cell]),
			Actual: &r.Left, Ended: &r.Reached, Reason: r.NoError,
		}
		if r.NoError == "" {
			out[i].Error = &r.Error
		}
	}
	return printJSON(p.stdout, out)
}

// forecast takes the cell's whole record as given and the longer ones as its peers.
func (c batteryLife) forecast(cells map[string][]float64) (lifeForecast, error) {
	own := cells[c.Of]
	names := slices.Sorted(maps.Keys(cells))
	if len(own) == 0 {
		return lifeForecast{}, fmt.Errorf("%w --of %q: the cells are %s",
			presage.ErrNotFound, c.Of, strings.Join(names, ", "))
	}
	var peers [][]float64
	for _, name := range names {
		if name != c.Of && len(cells[name]) >= len(own)+2 {
			peers = append(peers, cells[name])
		}
	}
	learnt, err := battery.NewPeers(peers, len(own))
	if err != nil {
		return lifeForecast{}, fmt.Errorf("cells that outlived %s: %w", c.Of, err)
	}
	f, err := learnt.Forecast(own)
	if err != nil {
		return lifeForecast{}, err
	}
	out := lifeForecast{Cell: c.Of, Given: len(own), Knee: kneeOf(own), Reason: "no back-test: the future is not known"}
	out.Left.P10, out.Left.P50, out.Left.P90 = f.Life(c.Limit)
	return out, nil
}

func kneeOf(curve []float64) *kneeResult {
	k, ok := battery.FindKnee(curve)
	if !ok {
		return nil
	}
	return &kneeResult{k.At + 1, k.Before, k.After}
}
