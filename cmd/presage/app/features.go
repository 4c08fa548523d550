package app

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/cmd/presage/lab/training"
	"presage/models"
)

// prognoser applies the catalogue, and the learned hazards that are configured.
func (a *App) prognoser() (*models.Prognoser, error) {
	p := models.NewPrognoser(a.Catalogue)
	c := a.cfg.Models
	if len(c.Learned) == 0 {
		return p, nil
	}
	all := make([]models.Learned, 0, len(c.Learned))
	for _, id := range slices.Sorted(maps.Keys(c.Learned)) {
		file, err := training.Load(c.Learned[id])
		if err != nil {
			return nil, fmt.Errorf("models.learned: %s: %w", id, err)
		}
		all = append(all, models.Learned{
			Component: presage.ComponentID(id), Hazard: &file.Model, Weight: c.LearnedWeight, Sum: file.Sum,
		})
	}
	p, err := p.WithLearned(all...)
	if err != nil {
		return nil, fmt.Errorf("models.learned: %w", err)
	}
	return p, nil
}

// FeatureColumns are those of an exported history before its traits.
func FeatureColumns() training.Columns {
	return training.Columns{Time: "week", Event: "failed", ID: "vin"}
}

// Learnable counts what an export of features has to work on.
type Learnable struct {
	Vehicles int // with rows
	Rows     int
	Failures int // rows of the moments of failure among them
}

// ExportFeatures writes, as CSV, what was known of a component of every vehicle
// that has it, a row a week, and when it failed: package models' TrainingRows. each
// is called after a vehicle, with how many there are.
func (a *App) ExportFeatures(
	ctx context.Context, w io.Writer, id presage.ComponentID, each func(of int),
) (Learnable, error) {
	var n Learnable
	component, err := a.learnable(id)
	if err != nil {
		return n, err
	}
	vehicles, err := a.SQL.AllVehicles(ctx)
	if err != nil {
		return n, fmt.Errorf("export features: %w", err)
	}
	columns := FeatureColumns()
	out := csv.NewWriter(w)
	if err := out.Write(append([]string{columns.Time, columns.ID, columns.Event}, models.Traits()...)); err != nil {
		return n, fmt.Errorf("export features: %w", err)
	}
	now := a.Clock.Now()
	for _, v := range vehicles {
		if v.Powertrain == "" || component.Applies(v.Powertrain) {
			one, err := a.trainingRows(ctx, out, id, v, now)
			if err != nil {
				return n, fmt.Errorf("export features: %w", err)
			}
			n.Vehicles, n.Rows, n.Failures = n.Vehicles+one.Vehicles, n.Rows+one.Rows, n.Failures+one.Failures
		}
		each(len(vehicles))
	}
	out.Flush()
	return n, out.Error()
}

// learnable is the component of the catalogue, if a hazard may enter its prognoses.
func (a *App) learnable(id presage.ComponentID) (c presage.Component, err error) {
	if a.Catalogue == nil { // the stores alone are open
		if a.Catalogue, err = a.catalogue(); err != nil {
			return c, err
		}
	}
	if c, err = a.Catalogue.Component(id); err != nil {
		return c, err
	}
	if !models.Learnable(c.Model) {
		err = fmt.Errorf("component %s: %w: nothing can be learned where the law is %q", id, presage.ErrInvalid, c.Model)
	}
	return c, err
}

// trainingRows writes one vehicle's rows.
func (a *App) trainingRows(
	ctx context.Context, out *csv.Writer, id presage.ComponentID, v presage.Vehicle, now time.Time,
) (n Learnable, err error) {
	h := models.History{Vehicle: v}
	if h.Rollups, err = a.SQL.Rollups(ctx, v.VIN, 0, presage.DayOf(now)); err != nil {
		return n, err
	}
	if h.Labels, err = a.SQL.Labels(ctx, v.VIN); err != nil {
		return n, err
	}
	for row := range models.TrainingRows(h, id, now) {
		n.Vehicles = 1
		n.Rows++
		if row.Failed {
			n.Failures++
		}
		if err := out.Write(cells(v.VIN, row)); err != nil {
			return n, err
		}
	}
	return n, nil
}

// cells writes a week as its Monday and a failure as its instant; a missing trait is empty.
func cells(vin presage.VIN, row models.Row) []string {
	at, failed := row.At.UTC().Format(time.DateOnly), "0"
	if row.Failed {
		at, failed = row.At.UTC().Format(time.RFC3339), "1"
	}
	line := append(make([]string, 0, 3+len(row.Traits)), at, string(vin), failed)
	for _, x := range row.Traits {
		if math.IsNaN(x) {
			line = append(line, "")
			continue
		}
		line = append(line, strconv.FormatFloat(x, 'g', -1, 64))
	}
	return line
}
