package main

import (
	"context"
	"fmt"
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

type diagnoseCommand struct {
	Cells   string `required:"" type:"existingfile" placeholder:"FILE" help:"tboxTime, V_1, V_2, ... in V."`
	Summary string `type:"existingfile" placeholder:"FILE" help:"time, current_A (positive: discharge), soc_pct, ..."`
	Until   string `placeholder:"TIME" help:"See no row after it; RFC 3339, or as in the files."`
	Offset  string `default:"+08:00" placeholder:"+HH:MM" help:"Zone of times without one: China's."`
	Plot    string `placeholder:"DIR" type:"path" help:"Write cells.svg and .png there."`
}

// diagnosis is what the command prints.
type diagnosis struct {
	Cells []cellResult `json:"cells"`
	Pack  packResult   `json:"pack"`
}

type cellResult struct {
	Cell     int          `json:"cell"`
	First    time.Time    `json:"first_warning"`
	Severity string       `json:"severity"`
	Evidence cellEvidence `json:"evidence"`
}

// cellEvidence says why: deviations are from the pack's median, negative when low.
type cellEvidence struct {
	Kind        string               `json:"kind"`
	DeviationMv *float64             `json:"deviation_mv"` // at little current
	Z           *float64             `json:"z"`
	NextMv      *float64             `json:"next_cell_mv"`
	Days        int                  `json:"days_named"`
	GrowthMv    float64              `json:"growth_mv_per_30_days"`
	Resistance  *float64             `json:"excess_milliohm"`
	ResistanceZ *float64             `json:"excess_z"`
	LoadDays    int                  `json:"days_named_by_resistance"`
	BySoC       map[string]*float64  `json:"deviation_mv_by_soc"`
	Reached     map[string]time.Time `json:"severity_reached"`
}

// Run diagnoses and prints JSON.
func (c diagnoseCommand) Run(_ context.Context, p *process) error {
	files, err := pack.Read(pack.Source{Cells: c.Cells, Summary: c.Summary, Until: c.Until, Offset: c.Offset})
	if err != nil {
		return err
	}
	watch, found := files.Watch()
	if c.Plot != "" {
		if err := drawCells(c.Plot, files, watch, found); err != nil {
			return fmt.Errorf("--plot: %w", err)
		}
	}
	return printJSON(p.stdout, diagnosisOf(files, watch, found))
}

func diagnosisOf(k *pack.Files, watch *battery.Watch, found []battery.Finding) diagnosis {
	d := diagnosis{Cells: []cellResult{}, Pack: packOf(k, watch)}
	for _, f := range found {
		d.Cells = append(d.Cells, cellResult{
			Cell: f.Cell, First: k.At(f.First), Severity: f.Severity.String(), Evidence: evidenceOf(k, f),
		})
	}
	return d
}

func evidenceOf(k *pack.Files, f battery.Finding) cellEvidence {
	e := cellEvidence{
		Days: f.LevelDays, LoadDays: f.LoadDays, GrowthMv: rounded(f.Growth),
		BySoC: map[string]*float64{}, Reached: map[string]time.Time{},
	}
	switch {
	case f.Level == nil:
		e.Kind = "more resistance than the pack"
	case f.Resistance == nil:
		e.Kind = "low at little current"
	default:
		e.Kind = "low at little current, and more resistance than the pack"
	}
	if s := f.Level; s != nil {
		e.DeviationMv, e.Z, e.NextMv = known(s.Mv), known(s.Z), known(s.Next)
	}
	if s := f.Resistance; s != nil {
		e.Resistance, e.ResistanceZ = known(-s.Mv/battery.ResistanceAmps), known(-s.Z)
	}
	for i, name := range []string{"below_40", "40_to_70", "above_70"} {
		e.BySoC[name] = known(f.DeviationBySoC[i])
	}
	for s := battery.Suspicion; s <= battery.Critical; s++ {
		if f.Reached[s] > 0 {
			e.Reached[s.String()] = k.At(f.Reached[s])
		}
	}
	return e
}

// known is nil for what was not measured.
func known(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	x = rounded(x)
	return &x
}

// rounded keeps three decimals: readings come in steps of a millivolt.
func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }

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
