package port

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

// SeriesQuery asks for the last Days days of a feature before Now.
type SeriesQuery struct {
	VIN     presage.VIN
	Feature string
	Days    int
	Now     time.Time
}

// ReadSeries gathers a series from roll-ups, prognoses and labels.
func ReadSeries(ctx context.Context, h Health, q SeriesQuery) (Series, error) {
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
	prognoses, err := h.Prognoses(ctx, q.VIN)
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

// Worst returns the most urgent status; unknown for no prognoses.
func Worst(ps []presage.Prognosis) presage.Status {
	if len(ps) == 0 {
		return presage.StatusUnknown
	}
	worst := presage.StatusOK
	for _, p := range ps {
		if p.Status.Urgency() > worst.Urgency() {
			worst = p.Status
		}
	}
	return worst
}
