package main

import (
	"context"
	"encoding/csv"
	"errors"

	"presage/internal/cell"
)

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
		err = errors.Join(err, w.Write([]string{cell.Text(n.Name), string(n.VIN), n.Day.String()}))
	}
	w.Flush()
	return errors.Join(err, w.Error())
}
