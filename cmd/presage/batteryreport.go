package main

import (
	"math"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"presage/cmd/presage/lab/graph"
	"presage/cmd/presage/lab/pack"
	"presage/models/battery"
	"presage/models/median"
)

// packResult is what is known of the pack as a whole.
type packResult struct {
	Cells     int              `json:"cells"`
	Rows      int              `json:"rows"`
	RowsUsed  int              `json:"rows_used"` // at little current
	Invalid   int              `json:"invalid_codes"`
	Missing   int              `json:"missing_voltages"`
	Repeated  int              `json:"repeated_rows"`
	Days      int              `json:"days"`
	From      *time.Time       `json:"from"`
	Through   *time.Time       `json:"through"`
	Spread    *spreadResult    `json:"spread_mv"`
	Warnings  map[string]int   `json:"bms_rows_by_level"`
	Level3    *time.Time       `json:"first_bms_level_3"`
	Capacity  []capacityResult `json:"capacity"`
	Health    *float64         `json:"state_of_health_pct"`
	HealthHow string           `json:"state_of_health_note"`
}

// spreadResult is the robust spread between cells, 1.4826 MAD of those below the median, on
// the first and the last days, and the largest of any.
type spreadResult struct {
	First float64 `json:"first"`
	Last  float64 `json:"last"`
	Most  float64 `json:"most"`
}

type capacityResult struct {
	Month       string  `json:"month"`
	AmpereHours float64 `json:"ampere_hours"`
	Weight      float64 `json:"weight"` // 1: one warm charge over 20 points
}

// monthWeight is what a month's estimate must weigh to say something of health.
const monthWeight = 2

func packOf(k *pack.Files, w *battery.Watch) packResult {
	p := packResult{
		Cells: k.Cells, Rows: w.Rows, RowsUsed: w.Used, Invalid: w.Invalid, Missing: w.Missing, Repeated: k.Repeated,
		Days: len(w.Days()), Spread: spreadOf(w.Days()), Warnings: map[string]int{}, Capacity: []capacityResult{},
	}
	if n := len(k.Rows); n > 0 {
		p.From, p.Through = &k.Rows[0].At, &k.Rows[n-1].At
	}
	for _, c := range k.Capacities() {
		p.Capacity = append(p.Capacity, capacityResult{c.Month, rounded(c.AmpereHours), rounded(c.Weight)})
	}
	for _, r := range k.Rows {
		if math.IsNaN(r.Level) {
			continue
		}
		p.Warnings["level_"+strconv.Itoa(int(r.Level))]++
		if r.Level == 3 && p.Level3 == nil {
			p.Level3 = &r.At
		}
	}
	p.health()
	return p
}

// health compares the newest capacity with the first: the files do not tell what the pack had when new.
func (p *packResult) health() {
	sure := slices.DeleteFunc(slices.Clone(p.Capacity), func(c capacityResult) bool { return c.Weight < monthWeight })
	if len(sure) < 2 {
		p.HealthHow = "unknown: it takes two months with charges over 20 points of state of charge or more, " +
			"with current and SOC in --summary"
		return
	}
	p.Health = known(100 * sure[len(sure)-1].AmpereHours / sure[0].AmpereHours)
	p.HealthHow = "of the capacity of " + sure[0].Month + ", for the files do not tell what the pack held when new"
}

func spreadOf(days []battery.WatchDay) *spreadResult {
	var x []float64
	for _, d := range days {
		if d.HasLevel {
			x = append(x, d.Level.Scale)
		}
	}
	if len(x) == 0 {
		return nil
	}
	n := min(7, len(x))
	return &spreadResult{
		rounded(median.Of(x[:n])), rounded(median.Of(x[len(x)-n:])), rounded(slices.Max(x)),
	}
}

// drawCells draws the cells' deviations by day: 80 % of the pack as a band, the
// named cells as lines, and above them the car's own warnings.
func drawCells(dir string, k *pack.Files, w *battery.Watch, found []battery.Finding) error {
	p := graph.New("Cells against the pack's median", "", "deviation at little current, mV")
	p.X.Tick.Marker = plot.TimeTicks{Format: "2006-01-02"}
	var low, high plotter.XYs
	for _, d := range w.Days() {
		if !d.HasLevel {
			continue
		}
		x := slices.DeleteFunc(slices.Clone(d.Level.Mv), math.IsNaN)
		slices.Sort(x)
		low = append(low, points(d.Seconds, x[len(x)/10])...)
		high = append(high, points(d.Seconds, x[len(x)-1-len(x)/10])...)
	}
	if err := graph.Band(p, "80 % of the cells", 0, low, high); err != nil {
		return err
	}
	for i, f := range found {
		if err := graph.Line(p, nameOf(f), i+1, cellLine(w.Days(), f.Cell)); err != nil {
			return err
		}
	}
	top := 10.
	for _, h := range high {
		top = max(top, h.Y)
	}
	for level := 1; level <= 3; level++ {
		var dots plotter.XYs
		for _, r := range k.Rows {
			if r.Level == float64(level) {
				dots = append(dots, points(float64(r.At.Unix()), top*(1+0.08*float64(level)))...)
			}
		}
		if err := graph.Dots(p, "the car's warning, level "+strconv.Itoa(level), 2+level, dots); err != nil {
			return err
		}
	}
	return graph.Save(p, dir, "cells")
}

func nameOf(f battery.Finding) string {
	return "cell " + strconv.Itoa(f.Cell) + ", " + f.Severity.String()
}

func cellLine(days []battery.WatchDay, cell int) plotter.XYs {
	var line plotter.XYs
	for _, d := range days {
		if d.HasLevel && !math.IsNaN(d.Level.Mv[cell-1]) {
			line = append(line, points(d.Seconds, d.Level.Mv[cell-1])...)
		}
	}
	return line
}
