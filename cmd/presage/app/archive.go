package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"time"

	"presage"
	"presage/internal/influx"
)

// OpenStores opens the stores alone, for a command that works on them while no
// service runs. Close the App when done; it cannot Serve.
func OpenStores(ctx context.Context, o Options) (*App, error) {
	a := &App{cfg: o.Config, log: o.Logger, Clock: o.Clock}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	for _, step := range []func(context.Context) error{
		func(context.Context) error { return a.openDir("") }, a.openStores, a.openClock,
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, a.Close()) //nolint:contextcheck // closing is not ended by what ended opening
		}
	}
	return a, nil
}

// OpenNames is OpenStores with the signal names.
func OpenNames(ctx context.Context, o Options) (*App, error) {
	a, err := OpenStores(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := a.openNames(ctx); err != nil {
		return nil, errors.Join(err, a.Close()) //nolint:contextcheck // closing is not ended by what ended opening
	}
	return a, nil
}

// Moved counts what an export or an import did.
type Moved struct {
	Vehicles int
	Rows     int64 // (vehicle, time) rows
	Left     int64 // readings that line protocol cannot hold
}

// Selection is what to export.
type Selection struct {
	VINs     []presage.VIN // none means all vehicles
	From, To time.Time     // [From, To)
}

// Export writes the telemetry of s to w as line protocol; each is called after a vehicle.
func (a *App) Export(ctx context.Context, w io.Writer, s Selection, each func()) (Moved, error) {
	var m Moved
	vins := s.VINs
	if len(vins) == 0 {
		all, err := a.SQL.AllVehicles(ctx)
		if err != nil {
			return m, fmt.Errorf("export: %w", err)
		}
		for _, v := range all {
			vins = append(vins, v.VIN)
		}
	}
	for _, vin := range vins {
		rows, left, err := influx.WriteLines(w, a.Telemetry.Scan(ctx, vin, s.From, s.To))
		m.Rows += rows
		m.Left += left
		if err != nil {
			return m, fmt.Errorf("export %s: %w", vin.Masked(), err)
		}
		if rows > 0 {
			m.Vehicles++
		}
		each()
	}
	return m, nil
}

// importBatch is how many rows are written at once.
const importBatch = 5000

// Import stores samples as if the vehicles had sent them: unknown ones are
// registered and their days are scored anew. It stops at the first error; what
// was written before it stays, and a repeat is harmless. each is told of rows written.
func (a *App) Import(
	ctx context.Context, samples iter.Seq2[presage.Sample, error], each func(rows int),
) (Moved, error) {
	var m Moved
	known := map[presage.VIN]bool{}
	batch := make([]presage.Sample, 0, importBatch)
	flush := func() error {
		if err := a.keep(ctx, batch); err != nil {
			return fmt.Errorf("import after row %d: %w", m.Rows, err)
		}
		m.Rows += int64(len(batch))
		each(len(batch))
		batch = batch[:0]
		return nil
	}
	for s, err := range samples {
		if err != nil {
			return m, err
		}
		if batch, known[s.VIN] = append(batch, s), true; len(batch) == importBatch {
			if err := flush(); err != nil {
				return m, err
			}
		}
	}
	err := flush()
	m.Vehicles = len(known)
	return m, err
}

// keep writes rows and marks what they change.
func (a *App) keep(ctx context.Context, rows []presage.Sample) error {
	if len(rows) == 0 {
		return nil
	}
	if err := a.Telemetry.Write(ctx, rows); err != nil {
		return err
	}
	days := map[presage.VehicleDay]bool{}
	seen := map[presage.VIN]time.Time{}
	for _, s := range rows {
		days[presage.VehicleDay{VIN: s.VIN, Day: presage.DayOf(s.Time)}] = true
		if s.Time.After(seen[s.VIN]) {
			seen[s.VIN] = s.Time
		}
	}
	if err := a.SQL.MarkDirty(ctx, slices.Collect(maps.Keys(days))); err != nil {
		return err
	}
	return a.SQL.TouchVehicles(ctx, seen)
}
