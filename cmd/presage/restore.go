package main

import (
	"context"
	"fmt"

	"presage/cmd/presage/app"
)

type restoreCommand struct {
	settings
	Dir  string `arg:"" placeholder:"DIR" type:"path" help:"The backup."`
	Data string `placeholder:"DIR" type:"path" help:"Empty data directory (data_dir, presage-data)."`
}

// Run restores and says what is left to do.
func (c restoreCommand) Run(ctx context.Context, p *process) error {
	effective, err := c.load(ctx, p, map[string]string{"data_dir": c.Data})
	if err != nil {
		return err
	}
	m, notes, err := app.Restore(ctx, effective.Config, c.Dir)
	if err != nil {
		return err
	}
	if err := report(p.stdout, "restored to "+effective.DataDir+" from", c.Dir, state(m)); err != nil {
		return err
	}
	for _, note := range notes {
		if _, err := fmt.Fprintln(p.stdout, "to do:", note); err != nil {
			return err
		}
	}
	return nil
}
