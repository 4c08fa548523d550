package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"presage/cmd/presage/lab/pack"
	"presage/models/battery"
)

type batteryCommand struct {
	Diagnose diagnoseCommand `cmd:"" help:"Name the weak cells of a high-voltage pack from every cell's voltage."`
	Life     batteryLife     `cmd:"" help:"Forecast the fade of a battery's capacity from that of others like it."`
}

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
