package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"presage"
	"presage/cmd/presage/lab/eval"
)

type evalCommand struct {
	Data string `env:"PRESAGE_DATA" default:"../shared/data" placeholder:"DIR" type:"path" help:"Folder of the public data sets."` //nolint:lll // a struct tag cannot be broken
	JSON bool   `name:"json" help:"Print the table as JSON."`

	Vehicles int    `default:"200" help:"Size of the simulated fleet; 0 leaves it out."`
	Seed     uint64 `default:"20261121" help:"Decides which fleet it is."`
}

// errMissed says that the table holds a check that does not hold.
var errMissed = errors.New("missed")

// Run measures and prints the table; a check that does not hold is an error.
func (c evalCommand) Run(ctx context.Context, p *process) error {
	recordings := eval.Recordings(c.Data)
	for _, r := range recordings {
		for _, f := range r.Files {
			if _, err := os.Stat(f); err != nil {
				return fmt.Errorf("--data: %w: %w", presage.ErrNotFound, err)
			}
		}
	}
	for _, f := range eval.PartsFiles(c.Data) {
		if _, err := os.Stat(f); err != nil {
			return fmt.Errorf("--data: %w: %w", presage.ErrNotFound, err)
		}
	}
	fleet := eval.DefaultFleet()
	fleet.Vehicles, fleet.Seed = c.Vehicles, c.Seed
	table, err := eval.Run(ctx, eval.Options{
		Data: c.Data, Recordings: recordings, Fleet: fleet, Parts: c.Data, Version: version(), Progress: p.stderr,
	})
	if err != nil {
		return err
	}
	show := table.Print
	if c.JSON {
		show = table.PrintJSON
	}
	if err := show(p.stdout); err != nil {
		return err
	}
	if n := table.Missed(); n > 0 {
		return fmt.Errorf("%d checks %w", n, errMissed)
	}
	return nil
}
