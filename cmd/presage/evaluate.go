package main

import (
	"context"

	"presage/cmd/presage/lab/training"
)

type evaluateCommand struct {
	Model string `required:"" type:"existingfile" placeholder:"FILE" help:"As written by train."`
	Data  string `required:"" type:"existingfile" placeholder:"FILE" help:"With the columns of the training."`
	All   bool   `help:"Judge by all rows, those that the model was trained on too."`
	Plot  string `placeholder:"DIR" type:"path" help:"Write table.txt, reliability.svg and .png there."`
}

// Run judges a model by the rows that are later than those it has seen.
func (c evaluateCommand) Run(_ context.Context, p *process) error {
	f, err := training.Load(c.Model)
	if err != nil {
		return err
	}
	h, err := training.Read(c.Data, f.Columns, f.Features, nil, f.Horizon)
	if err != nil {
		return err
	}
	var rows []int
	for i, t := range h.Time {
		if c.All || f.Until != nil && t >= *f.Until {
			rows = append(rows, i)
		}
	}
	v, err := training.Judge(&f.Model, h.Data, rows)
	if err != nil {
		return err
	}
	if err := v.Report(p.stderr, c.Plot); err != nil {
		return err
	}
	return printJSON(p.stdout, v)
}
