package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/gonum/stat/distuv"

	"presage"
	"presage/cmd/presage/lab/graph"
	"presage/cmd/presage/lab/sheet"
	"presage/models/life"
)

// repairsResult is what the command prints of recurrent events.
type repairsResult struct {
	Units    int             `json:"units"`
	Events   int             `json:"events"`
	Mean     []repairsMean   `json:"mean_cumulative_function"`
	PowerLaw *powerLawResult `json:"power_law"` // null for fewer than two events
	Note     string          `json:"note,omitempty"`
}

// repairsMean is the mean number of events a unit has had by an age.
type repairsMean struct {
	Age    float64 `json:"age"`
	AtRisk float64 `json:"at_risk"`
	Events float64 `json:"events"`
	rangeResult
}

// powerLawResult is the process whose mean number of events by age t is rate * t^shape.
type powerLawResult struct {
	Rate  float64     `json:"rate"`
	Shape rangeResult `json:"shape"`
}

// repairs prints what the units' events say: without a law, and by a power law.
func (c lifeFitCommand) repairs(p *process) error {
	units, err := c.readRepairs()
	if err != nil {
		return err
	}
	steps, err := life.MeanCumulative(units)
	if err != nil {
		return err
	}
	r := repairsResult{Units: len(units), Mean: c.means(steps)}
	for _, u := range units {
		r.Events += len(u.Events)
	}
	law, err := life.FitPowerLaw(units)
	switch {
	case r.Events < 2:
		r.Note = "fewer than two events do not determine a power law"
	case err != nil:
		return err
	default:
		shape := law.ShapeRange(c.Confidence)
		r.PowerLaw = &powerLawResult{law.Rate, rangeResult{shape.Estimate, finite(shape.Low), finite(shape.High)}}
	}
	if c.Plot != "" {
		if err := c.reportRepairs(p.stderr, r, law); err != nil {
			return err
		}
	}
	return printJSON(p.stdout, r)
}

func (c lifeFitCommand) readRepairs() ([]life.History, error) {
	if c.Lower != "" || c.Count != "" || len(c.Covariates) > 0 || c.Bootstrap > 0 || c.Family != "auto" {
		return nil, fmt.Errorf("%w --unit: repairs have no --lower, --count, --covariate, --bootstrap or --family",
			presage.ErrInvalid)
	}
	s, err := sheet.Read(c.Data)
	if err != nil {
		return nil, err
	}
	return lifeColumns{c}.histories(s)
}

// means are the steps with intervals (Nelson's, normal on the log scale).
func (c lifeFitCommand) means(steps life.Steps) []repairsMean {
	z := distuv.UnitNormal.Quantile(0.5 + c.Confidence/2)
	out := make([]repairsMean, len(steps))
	for i, s := range steps {
		f := math.Exp(z * s.StdError / s.Value)
		out[i] = repairsMean{s.Age, s.AtRisk, s.Events, rangeResult{s.Value, finite(s.Value / f), finite(s.Value * f)}}
	}
	return out
}

// reportRepairs writes the readable table and the plot.
func (c lifeFitCommand) reportRepairs(stderr io.Writer, r repairsResult, law life.PowerLaw) error {
	if err := os.MkdirAll(c.Plot, 0o750); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	plot := graph.New("Repairs: "+filepath.Base(c.Data), c.Exit, "mean number a unit")
	observed, low, high := points(0, 0), points(0, 0), points(0, 0)
	text := fmt.Sprintf("%d events of %d units\n", r.Events, r.Units)
	for _, m := range r.Mean {
		observed = append(observed, points(m.Age, m.Estimate)...)
		if m.Low != nil && m.High != nil {
			low, high = append(low, points(m.Age, *m.Low)...), append(high, points(m.Age, *m.High)...)
		}
	}
	err := errors.Join(graph.Band(plot, "", 4, low, high), graph.Steps(plot, "mean cumulative function", observed))
	if len(r.Mean) > 0 {
		last := r.Mean[len(r.Mean)-1]
		text += fmt.Sprintf("%.4g events a unit by age %g\n", last.Estimate, last.Age)
		if r.PowerLaw != nil {
			by := law.Mean(last.Age, c.Confidence)
			text += fmt.Sprintf("power law: %.4g * age^%.4g, %.4g (%.4g - %.4g) by age %g\n",
				law.Rate, law.Shape, by.Estimate, by.Low, by.High, last.Age)
			curve := points(0, 0)
			for k := 1; k <= 200; k++ {
				age := last.Age * float64(k) / 200
				curve = append(curve, points(age, law.Mean(age, c.Confidence).Estimate)...)
			}
			err = errors.Join(err, graph.Line(plot, "power law", 0, curve))
		}
	}
	if _, printErr := io.WriteString(stderr, text); err != nil || printErr != nil {
		return errors.Join(err, printErr)
	}
	if err := os.WriteFile(filepath.Join(c.Plot, "table.txt"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	return graph.Save(plot, c.Plot, "repairs")
}

// histories reads each unit's events and until when it was watched: the age in
// its row that is not an event.
func (c lifeColumns) histories(s *sheet.Sheet) ([]life.History, error) {
	if c.Event == "" {
		return nil, fmt.Errorf("%w --unit: name the column that tells events from the end of the watch by --event",
			presage.ErrInvalid)
	}
	names, err1 := s.Texts(c.Unit)
	ages, err2 := s.Numbers(c.Exit, false)
	happened, err3 := c.events(s)
	entries, err4 := make([]float64, len(s.Rows)), error(nil)
	if c.Entry != "" {
		entries, err4 = s.Numbers(c.Entry, false)
	}
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	place := map[string]int{}
	var units []life.History
	var faults []error
	for i, name := range names {
		at, known := place[name]
		if !known {
			at = len(units)
			place[name], units = at, append(units, life.History{Unit: name, Start: entries[i]})
		}
		u := &units[at]
		if u.Start != entries[i] {
			faults = append(faults,
				fmt.Errorf("%s: unit %.40s has another age there in its first row", s.Place(i, c.Entry), name))
		}
		switch {
		case happened[i]:
			u.Events = append(u.Events, ages[i])
		case u.End != 0:
			faults = append(faults, fmt.Errorf("%s: unit %.40s has two ends of its watch", s.Place(i, c.Event), name))
		default:
			u.End = ages[i]
		}
	}
	for _, u := range units {
		if u.End == 0 {
			faults = append(faults, fmt.Errorf(
				`%s: unit %.40s has no row for the end of its watch: add one with the event "end"`, s.Name, u.Unit))
		}
	}
	return units, sheet.All(faults)
}
