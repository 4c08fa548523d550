package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/progress"
)

type exportFeaturesCommand struct {
	settings

	Component string `required:"" placeholder:"ID" help:"Of the catalogue, e.g. battery_12v."`
	Data      string `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	Out       string `required:"" placeholder:"FILE" type:"path" help:"A new CSV file, with VINs in full; .gz compresses."`
}

// Run writes the history of a component for `presage train`.
func (c exportFeaturesCommand) Run(ctx context.Context, p *process) (err error) {
	a, err := c.openStores(ctx, p, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing outlives what ends a run
	var bar *progress.Bar
	var n app.Learnable
	err = newFile(c.Out, func(w io.Writer) error {
		n, err = a.ExportFeatures(ctx, w, presage.ComponentID(c.Component), func(of int) {
			if bar == nil {
				bar = progress.New(p.stderr, "exporting", "vehicles", of)
			}
			bar.Add(1)
		})
		return err
	})
	if bar != nil {
		bar.Finish()
	}
	if err != nil {
		return err
	}
	columns := app.FeatureColumns()
	_, err = fmt.Fprintf(p.stdout, "%d rows of %d vehicles with %d failures in %s\n"+
		"learn from it: presage train --data %s --time %s --event %s --id %s --horizon 60 --out %s.json\n",
		n.Rows, n.Vehicles, n.Failures, c.Out, c.Out, columns.Time, columns.Event, columns.ID, c.Component)
	return err
}
