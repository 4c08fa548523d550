package app

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"presage"
	"presage/internal/spool"
	"presage/models/scoring"
)

const (
	// seriesBytes bounds what waits for InfluxDB. Prognoses of 10,000 vehicles
	// are some 10 MB a pass.
	seriesBytes = 1 << 30
	// seriesSlack is how much may wait before only one pass an hour is kept: a
	// later pass of a day replaces the earlier one in any case.
	seriesSlack = 32 << 20
	passEvery   = time.Hour
)

// series brings roll-ups and prognoses beside the telemetry in InfluxDB. What
// scoring gives is synced to a journal of its own and written from there when
// the server answers, so that scoring never waits. Beyond seriesBytes, or on a
// full disk, what comes is left out and counted; roll-ups and the present
// prognoses stay in the relational store in any case.
type series struct {
	*spool.Spool

	slack   int64
	log     *slog.Logger
	leftOut prometheus.Counter

	mu    sync.Mutex
	pass  time.Time // the latest that was kept
	tight bool      // something was left out, and that was said
}

var _ scoring.Series = (*series)(nil)

// openSeries opens it where the telemetry is in InfluxDB.
func (a *App) openSeries(context.Context) error {
	if a.cfg.Influx.URL == "" {
		return nil
	}
	journal, err := spool.Open(spool.Config{Dir: a.dir.file("series"), MaxBytes: seriesBytes}, spool.Deps{
		// Without a log: it is filled and emptied at every pass.
		Store: a.Telemetry, Dirty: nothingDirty{}, Refused: a.refusedSeries, Now: a.Clock.Now,
		Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), //nolint:gosec // jitter, not a secret
	})
	if err != nil {
		return fmt.Errorf("series: %w", err)
	}
	f := promauto.With(a.registry)
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "presage_series_bytes", Help: "Bytes of roll-ups and prognoses that wait for InfluxDB.",
	}, func() float64 { return float64(journal.Bytes()) })
	a.series = &series{Spool: journal, slack: seriesSlack, log: a.log, leftOut: f.NewCounter(prometheus.CounterOpts{
		Name: "presage_series_left_out_total",
		Help: "Vehicle-days of roll-ups and prognoses that are not in InfluxDB: too much waited, or it refused them.",
	})}
	return nil
}

// nothingDirty: a series of our own is not new data to score.
type nothingDirty struct{}

// MarkDirty does nothing.
func (nothingDirty) MarkDirty(context.Context, []presage.VehicleDay) error { return nil }

// refusedSeries counts what InfluxDB never takes, such as a day beyond its retention.
func (a *App) refusedSeries(_ context.Context, rejected *presage.RejectedError) error {
	a.series.leftOut.Add(float64(len(rejected.Samples)))
	return nil
}

// PutPrognoses keeps the samples of a pass, or leaves the pass out when much waits.
func (s *series) PutPrognoses(ctx context.Context, asOf time.Time, samples []presage.Sample) {
	s.mu.Lock()
	skip := s.Bytes() > s.slack && !asOf.Equal(s.pass) && asOf.Sub(s.pass) < passEvery &&
		presage.DayOf(asOf) == presage.DayOf(s.pass)
	if !skip {
		s.pass = asOf
	}
	s.mu.Unlock()
	if !skip {
		s.keep(ctx, samples)
	}
}

// PutRollups keeps the samples of days that were rolled up.
func (s *series) PutRollups(ctx context.Context, samples []presage.Sample) { s.keep(ctx, samples) }

func (s *series) keep(ctx context.Context, samples []presage.Sample) {
	if len(samples) == 0 {
		return
	}
	err := s.Keep(ctx, samples)
	s.mu.Lock()
	said := s.tight
	s.tight = err != nil
	s.mu.Unlock()
	if err == nil {
		return
	}
	s.leftOut.Add(float64(len(samples)))
	if !said {
		s.log.WarnContext(ctx, "roll-ups and prognoses are left out of InfluxDB: its journal in data_dir/series is full or "+
			"cannot be written; they stay in the relational store",
			slog.Int64("bytes", s.Bytes()), slog.Int64("max_bytes", seriesBytes), slog.Any("error", err))
	}
}

// runSeries empties the journal into InfluxDB until ctx ends.
func (a *App) runSeries(ctx context.Context) error {
	if a.series == nil {
		return nil
	}
	if err := a.series.Run(ctx); err != nil {
		return fmt.Errorf("series: %w", err)
	}
	return nil
}

func (a *App) closeSeries() error {
	if a.series == nil {
		return nil
	}
	return a.series.Close()
}

// scoringSeries is the series as scoring takes it: nil where there is none.
func (a *App) scoringSeries() scoring.Series {
	if a.series == nil {
		return nil
	}
	return a.series
}
