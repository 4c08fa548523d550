package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/progress"
)

type exportCommand struct {
	Telemetry exportTelemetryCommand `cmd:"" default:"withargs" help:"Telemetry as line protocol (the default)."`
	Features  exportFeaturesCommand  `cmd:"" help:"What was known of a component week by week, and when it failed, for train."` //nolint:lll // a struct tag cannot be broken
}

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
	epoch := time.Unix(0, 0).UTC()
	s := app.Selection{From: epoch.AddDate(-70, 0, 0), To: epoch.AddDate(230, 0, 0)}
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

// newFile makes a file that only its owner reads and that was not there before,
// and takes it away again if write fails: half an export looks like a whole one.
// A name that ends in .gz has it compressed.
func newFile(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	err = errors.Join(compressed(file, strings.HasSuffix(name, ".gz"), write), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// compressed hands write a buffered writer to file, with gzip between if asked for.
func compressed(file io.Writer, zip bool, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(file, 1<<20)
	if !zip {
		return errors.Join(write(buffer), buffer.Flush())
	}
	z := gzip.NewWriter(buffer)
	return errors.Join(write(z), z.Close(), buffer.Flush())
}

func leftOut(readings int64) string {
	if readings == 0 {
		return ""
	}
	return fmt.Sprintf("; %d readings left out that line protocol cannot hold "+
		"(NaN or infinite numbers, odd names)", readings)
}

// openStores opens the configured stores for a command.
func (s settings) openStores(ctx context.Context, p *process, data string) (*app.App, error) {
	effective, err := s.load(ctx, p, map[string]string{"data_dir": data})
	if err != nil {
		return nil, err
	}
	return app.OpenStores(ctx, app.Options{Config: effective.Config, Logger: logger(effective.Log, p.stderr)})
}
