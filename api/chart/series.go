// Package chart gathers what one chart shows: measured, predicted and replaced.
package chart

import (
	"context"
	"slices"
	"time"

	"presage"
)

// SeriesPoint is one day's value of a feature.
type SeriesPoint struct {
	Day   presage.Day `json:"day"`
	Value float64     `json:"value"`
}

// Series is a measured feature with its predicted course, ready for one chart.
type Series struct {
	VIN     presage.VIN   `json:"vin"`
	Feature string        `json:"feature"`
	Today   presage.Day   `json:"today"`
	Points  []SeriesPoint `json:"points"` // ascending; days without the feature are left out
	// Component, Unit, Limit and Path are set when a prognosis watches the feature.
	Component presage.ComponentID `json:"component,omitempty"`
	Unit      string              `json:"unit,omitempty"`
	Limit     *float64            `json:"limit,omitempty"`
	Path      []presage.PathPoint `json:"path,omitempty"`
	Renewals  []presage.Day       `json:"renewals,omitempty"` // replaced on these days
}

// Health reads what is known about the components of a vehicle.
type Health interface {
	// PrognosesWithPaths are the present prognoses with the Path of each that has a sensor.
	PrognosesWithPaths(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	// Rollups returns the days [from, to] in ascending order.
	Rollups(ctx context.Context, vin presage.VIN, from, to presage.Day) ([]presage.Rollup, error)
	Labels(ctx context.Context, vin presage.VIN) ([]presage.Label, error)
}

// Query asks for the last Days days of a feature before Now.
type Query struct {
	VIN     presage.VIN
	Feature string
	Days    int
	Now     time.Time
}

// Read gathers a series from roll-ups, prognoses and labels.
func Read(ctx context.Context, h Health, q Query) (Series, error) {
	today := presage.DayOf(q.Now)
	from := today - presage.Day(q.Days)
	s := Series{VIN: q.VIN, Feature: q.Feature, Today: today, Points: []SeriesPoint{}}
	days, err := h.Rollups(ctx, q.VIN, from, today)
	if err != nil {
		return Series{}, err
	}
	for _, r := range days {
		if x, ok := r.Features[q.Feature]; ok {
			s.Points = append(s.Points, SeriesPoint{Day: r.Day, Value: x})
		}
	}
	prognoses, err := h.PrognosesWithPaths(ctx, q.VIN)
	if err != nil {
		return Series{}, err
	}
	i := slices.IndexFunc(prognoses, func(p presage.Prognosis) bool {
		return p.Measured != nil && p.Measured.Feature == q.Feature
	})
	if i < 0 {
		return s, nil
	}
	p := prognoses[i]
	s.Component, s.Unit, s.Limit, s.Path = p.Component, p.Measured.Unit, &p.Measured.Limit, p.Path
	labels, err := h.Labels(ctx, q.VIN)
	if err != nil {
		return Series{}, err
	}
	for _, l := range labels {
		if d := presage.DayOf(l.At); l.Component == p.Component && l.Replaced && d >= from {
			s.Renewals = append(s.Renewals, d)
		}
	}
	return s, nil
}
