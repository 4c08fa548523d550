package scoring

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/models"
)

// Series takes what stands beside the telemetry in a store that other programs
// read. Both methods return soon, whether that store answers or not, and the
// same samples again change nothing; samples may be kept.
type Series interface {
	// PutPrognoses takes the samples of a pass that was made at asOf.
	PutPrognoses(ctx context.Context, asOf time.Time, samples []presage.Sample)
	PutRollups(ctx context.Context, samples []presage.Sample)
}

// putSeries gives prognoses to Deps.Series, or to the telemetry when there is none.
func (s *Stage) putSeries(ctx context.Context, now time.Time, ps []presage.Prognosis) error {
	if s.deps.Series != nil {
		s.deps.Series.PutPrognoses(ctx, now, PrognosisSeries(ps))
		return nil
	}
	if err := s.deps.Telemetry.Write(ctx, PrognosisSeries(ps)); err != nil {
		return fmt.Errorf("store the series of %d prognoses: %w", len(ps), err)
	}
	return nil
}

// PrognosisSeries turns prognoses into samples beside the telemetry, one per vehicle
// and day (at its first instant, so that a later pass of the day replaces the
// earlier one), so that predicted and measured stand on one chart. The signals
// are "Presage.<component>.<field>" with the fields fail_7d, fail_30d, fail_60d,
// fail_90d (probabilities; due_7d to due_90d of a service interval), life_days (median),
// life_days_p10, life_days_p90 and, with a sensor, measured and limit. A vehicle that
// was never heard has no telemetry to stand beside, and no series.
func PrognosisSeries(ps []presage.Prognosis) []presage.Sample {
	var out []presage.Sample
	heard := map[presage.VIN]bool{}
	for i := range ps {
		heard[ps[i].VIN] = heard[ps[i].VIN] || !ps[i].DataThrough.IsZero()
	}
	for i := range ps {
		p := &ps[i]
		if !heard[p.VIN] {
			continue
		}
		day := presage.DayOf(p.AsOf).Start()
		if n := len(out); n == 0 || out[n-1].VIN != p.VIN || !out[n-1].Time.Equal(day) {
			out = append(out, presage.Sample{VIN: p.VIN, Time: day, Readings: make([]presage.Reading, 0, 64)})
		}
		s := &out[len(out)-1]
		put := func(field string, x float64) {
			s.Readings = append(s.Readings, presage.Reading{
				Signal: presage.OwnPrefix + string(p.Component) + "." + field, Value: presage.Number(x),
			})
		}
		of := "fail"
		if p.ByInterval() {
			of = "due"
		}
		put(of+"_7d", p.FailWithin.D7)
		put(of+"_30d", p.FailWithin.D30)
		put(of+"_60d", p.FailWithin.D60)
		put(of+"_90d", p.FailWithin.D90)
		put("life_days", p.RemainingLife.Days.P50)
		put("life_days_p10", p.RemainingLife.Days.P10)
		put("life_days_p90", p.RemainingLife.Days.P90)
		if p.Measured != nil {
			put("measured", p.Measured.Value)
			put("limit", p.Measured.Limit)
		}
	}
	return out
}

// RollupSeries turns roll-ups into samples, one a vehicle and day, at the day's
// first instant, as the prognoses of that day. The signals are
// "Presage.rollup.<component>.<feature>", and "samples" is how many were rolled up.
func RollupSeries(rs []presage.Rollup) []presage.Sample {
	out := make([]presage.Sample, 0, len(rs))
	for i := range rs {
		r := &rs[i]
		s := presage.Sample{VIN: r.VIN, Time: r.Day.Start(), Readings: make([]presage.Reading, 0, len(r.Features)+1)}
		put := func(feature string, x float64) {
			s.Readings = append(s.Readings, presage.Reading{
				Signal: presage.RollupPrefix + string(models.FeatureComponent(feature)) + "." + feature, Value: presage.Number(x),
			})
		}
		put("samples", float64(r.Samples))
		for feature, x := range r.Features {
			put(feature, x)
		}
		slices.SortFunc(s.Readings, func(a, b presage.Reading) int { return cmp.Compare(a.Signal, b.Signal) })
		out = append(out, s)
	}
	return out
}
