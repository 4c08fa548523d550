package main

import (
	"context"
	"errors"
	"fmt"

	"presage"
	"presage/internal/names"
)

type freeNamesCommand struct {
	settings
	Data     string `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	VIN      string `name:"vin" xor:"which" required:"" placeholder:"VIN" help:"Those that this vehicle sent first."`
	Name     string `xor:"which" required:"" placeholder:"NAME" help:"This one."`
	Nobodys  bool   `xor:"which" required:"" help:"Those from before names were counted by vehicle."`
	Everyone bool   `xor:"which" required:"" help:"All of them."`
}

// Run forgets the chosen names.
func (c freeNamesCommand) Run(ctx context.Context, p *process) (err error) {
	which := names.Select{Name: c.Name, Nobodys: c.Nobodys}
	if c.VIN != "" {
		if which.VIN, err = presage.ParseVIN(c.VIN); err != nil {
			return fmt.Errorf("--vin: %w", err)
		}
	}
	a, err := c.openNames(ctx, p, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing outlives what ends a run
	n, err := a.Names.Free(ctx, which)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%d names freed\n", n)
	return err
}
