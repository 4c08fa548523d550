package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"presage"
	"presage/cmd/presage/lab/training"
	"presage/cmd/presage/progress"
	"presage/models/hazard"
)

type trainCommand struct {
	Data      string   `required:"" type:"existingfile" placeholder:"FILE" help:"A unit in a period a row."`
	Time      string   `required:"" placeholder:"COL" help:"Numbers or dates (in days)."`
	Event     string   `required:"" placeholder:"COL" help:"1 if the unit failed, 0 if not."`
	ID        string   `placeholder:"COL" help:"Names the unit; needed with --horizon."`
	Horizon   float64  `default:"0" help:"Learn failures within this time after a row; 0: in the row itself."`
	Features  []string `name:"feature" placeholder:"COL" help:"Columns to learn from; all others without it."`
	Ignore    []string `placeholder:"COL" help:"Columns to leave out."`
	Monotone  []string `placeholder:"COL=SIGN" help:"Features whose rise can only raise (+) or lower (-) the risk."`
	Trees     int      `default:"500" help:"At most."`
	Depth     int      `default:"3" help:"Of a tree, 1 to 4."`
	Rate      float64  `default:"0.05" help:"Shrinkage of each tree."`
	Stop      float64  `default:"0.15" help:"Share of the periods that ends growth."`
	Calibrate float64  `default:"0.2" help:"Share of later periods that calibrates."`
	HoldOut   float64  `default:"0.2" help:"Share of the last periods, by which the model is judged."`
	Seed      uint64   `default:"1" help:"Of the rows that each tree sees."`
	Out       string   `required:"" type:"path" placeholder:"FILE" help:"The model, JSON."`
	Plot      string   `placeholder:"DIR" type:"path" help:"Write table.txt, reliability.svg and .png there."`
}

// trained is what the command prints.
type trained struct {
	Trees    int               `json:"trees"`
	Features []string          `json:"features"`
	Rows     hazard.Rows       `json:"rows"`
	Dropped  int               `json:"rows_dropped"`
	HeldOut  *training.Verdict `json:"held_out"` // null without a held-out part
}

// Run learns, writes the model and prints how it does on the held-out part.
func (c trainCommand) Run(_ context.Context, p *process) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	columns := training.Columns{Time: c.Time, Event: c.Event, ID: c.ID}
	h, err := training.Read(c.Data, columns, c.Features, c.Ignore, c.Horizon)
	if err != nil {
		return err
	}
	bar := progress.New(p.stderr, "training", "trees", c.Trees)
	rng := rand.New(rand.NewPCG(c.Seed, 0)) //nolint:gosec // a simulation
	m, report, err := hazard.Train(h.Data, config, rng, func(int) { bar.Add(1) })
	bar.Finish()
	if err != nil {
		return err
	}
	file := training.File{Model: *m, Columns: columns}
	out := trained{Trees: len(m.Trees), Features: m.Features, Rows: report.Rows, Dropped: h.Dropped}
	if len(report.HeldOut) > 0 {
		until := math.Inf(1)
		for _, i := range report.HeldOut {
			until = min(until, h.Time[i])
		}
		file.Until = &until
		v, err := training.Judge(m, h.Data, report.HeldOut)
		if err != nil {
			return err
		}
		if err := v.Report(p.stderr, c.Plot); err != nil {
			return err
		}
		out.HeldOut = &v
	}
	if err := file.Save(c.Out); err != nil {
		return err
	}
	return printJSON(p.stdout, out)
}

func (c trainCommand) config() (hazard.Config, error) {
	config := hazard.Default()
	config.Trees, config.Depth, config.Rate = c.Trees, c.Depth, c.Rate
	config.Stop, config.Calibrate, config.HoldOut = c.Stop, c.Calibrate, c.HoldOut
	config.Monotone = map[string]int{}
	for _, text := range c.Monotone {
		i := strings.LastIndexByte(text, '=')
		sign, ok := map[string]int{"+": 1, "+1": 1, "-": -1, "-1": -1}[text[i+1:]]
		if i < 1 || !ok {
			return config, fmt.Errorf("--monotone %.40q: %w: want COL=+ or COL=-", text, presage.ErrInvalid)
		}
		config.Monotone[text[:i]] = sign
	}
	return config, nil
}
