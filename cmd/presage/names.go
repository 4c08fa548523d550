package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"presage"
	"presage/cmd/presage/app"
	"presage/internal/names"
)

// namesCommand looks after the signal names that vehicles invented.
type namesCommand struct {
	List listNamesCommand `cmd:"" help:"List the names that are not in the signal table, as CSV."`
	Free freeNamesCommand `cmd:"" help:"Forget names, and the readings under them. The service must not run."`
}

type listNamesCommand struct {
	settings
	Data string `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
}

// Run lists every name with the vehicle that sent it first and the day of its newest reading.
func (c listNamesCommand) Run(ctx context.Context, p *process) (err error) {
	a, err := c.openNames(ctx, p, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing outlives what ends a run
	w := csv.NewWriter(p.stdout)
	err = w.Write([]string{"name", "vin", "newest"})
	for _, n := range a.Names.List() {
		err = errors.Join(err, w.Write([]string{cell(n.Name), string(n.VIN), n.Day.String()}))
	}
	w.Flush()
	return errors.Join(err, w.Error())
}

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

// cell keeps a spreadsheet from running a name as a formula.
func cell(name string) string {
	if strings.ContainsAny(name[:min(1, len(name))], "=+-@") {
		return "'" + name
	}
	return name
}

// openNames opens the configured stores and their names.
func (s settings) openNames(ctx context.Context, p *process, data string) (*app.App, error) {
	effective, err := s.load(ctx, p, map[string]string{"data_dir": data})
	if err != nil {
		return nil, err
	}
	return app.OpenNames(ctx, app.Options{Config: effective.Config, Logger: logger(effective.Log, p.stderr)})
}
