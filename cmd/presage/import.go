package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"presage"
	"presage/cmd/presage/lab/sheet"
	"presage/cmd/presage/progress"
	"presage/internal/influx"
)

type importCommand struct {
	settings
	Data  string   `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	Files []string `arg:"" name:"FILE" type:"existingfile" help:"Line protocol with times in ms, plain or gzip."`
}

// maxFaults is how many faulty lines are listed.
const maxFaults = 20

// Run reads all files twice: to find faults, then to store. Nothing is written
// while there is a faulty line.
func (c importCommand) Run(ctx context.Context, p *process) (err error) {
	a, err := c.openStores(ctx, p, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }() //nolint:contextcheck // closing outlives what ends a run
	newest := a.Clock.Now().Add(5 * time.Minute)         // as for a vehicle's message
	rows, err := c.check(newest)
	if err != nil {
		return err
	}
	bar := progress.New(p.stderr, "importing", "rows", rows)
	m, err := a.Import(ctx, c.samples(), bar.Add)
	bar.Finish()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%d rows of %d vehicles stored\n", m.Rows, m.Vehicles)
	return err
}

// check counts the rows and lists what is wrong with the files.
func (c importCommand) check(newest time.Time) (rows int, err error) {
	var faults []error
	for s, err := range c.samples() {
		if rows++; err == nil && s.Time.After(newest) {
			err = fmt.Errorf("row %d of %s: %w: %s lies in the future",
				rows, s.VIN.Masked(), presage.ErrInvalid, s.Time.Format(time.RFC3339))
		}
		if err != nil {
			faults = append(faults, err)
		}
		if len(faults) == maxFaults {
			faults = append(faults, errors.New("and perhaps more"))
			break
		}
	}
	if len(faults) > 0 {
		return 0, fmt.Errorf("nothing was imported: %w", errors.Join(faults...))
	}
	return rows, nil
}

// samples reads all files, one after the other.
func (c importCommand) samples() iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		for _, name := range c.Files {
			if err := eachLine(name, yield); errors.Is(err, errStopped) {
				return
			} else if err != nil && !yield(presage.Sample{}, fmt.Errorf("%s: %w", filepath.Base(name), err)) {
				return
			}
		}
	}
}

var errStopped = errors.New("the reader has stopped")

func eachLine(name string, yield func(presage.Sample, error) bool) (err error) {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	r, err := sheet.Plain(file)
	if err != nil {
		return err
	}
	for s, err := range influx.ReadLines(r) {
		if err != nil {
			err = fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		if !yield(s, err) {
			return errStopped
		}
	}
	return nil
}
