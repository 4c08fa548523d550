package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/progress"
)

type exportTelemetryCommand struct {
	settings
	Data string   `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	Out  string   `required:"" placeholder:"FILE" type:"path" help:"A new file of line protocol; .gz compresses."`
	VIN  []string `name:"vin" sep:"," help:"Only these vehicles."`
	From string   `placeholder:"TIME" help:"RFC 3339; only from this instant on."`
	To   string   `placeholder:"TIME" help:"RFC 3339; only before this instant."`
}

// Run writes the telemetry store to a file.
func (c exportTelemetryCommand) Run(ctx context.Context, p *process) (err error) {
	what, err := c.selection()
	if err != nil {
		return err
	}
	a, err := c.openStores(ctx, p, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing outlives what ends a run
	bar := progress.New(p.stderr, "exporting", "vehicles", len(what.VINs))
	var m app.Moved
	err = newFile(c.Out, func(w io.Writer) error {
		m, err = a.Export(ctx, w, what, func() { bar.Add(1) })
		return err
	})
	bar.Finish()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%d rows of %d vehicles in %s%s\n", m.Rows, m.Vehicles, c.Out, leftOut(m.Left))
	return err
}

func (c exportTelemetryCommand) selection() (app.Selection, error) {
	s := app.Whole(nil)
	var faults []error
	for _, text := range c.VIN {
		vin, err := presage.ParseVIN(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("--vin: %w", err))
		}
		s.VINs = append(s.VINs, vin)
	}
	for _, f := range []struct {
		flag, text string
		at         *time.Time
	}{{"--from", c.From, &s.From}, {"--to", c.To, &s.To}} {
		if f.text == "" {
			continue
		}
		var err error
		if *f.at, err = time.Parse(time.RFC3339, f.text); err != nil {
			faults = append(faults, fmt.Errorf("%w %s %q: want RFC 3339, e.g. 2026-01-31T08:00:00Z",
				presage.ErrInvalid, f.flag, f.text))
		}
	}
	return s, errors.Join(faults...)
}

func leftOut(readings int64) string {
	if readings == 0 {
		return ""
	}
	return fmt.Sprintf("; %d readings left out that line protocol cannot hold "+
		"(NaN or infinite numbers, odd names)", readings)
}
