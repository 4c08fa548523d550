package app

import (
	"context"
	"log/slog"
	"time"

	"presage"
	"presage/internal/tsdb"
	"presage/models/scoring"
)

// retryExpiry is when a pass that failed is tried again.
const retryExpiry = time.Hour

// retention is the rule by which telemetry is removed.
func (a *App) retention() scoring.Retention {
	return scoring.Retention{
		Keep: time.Duration(a.cfg.Store.Retention), Store: a.SQL, Now: a.Clock.Now, Log: a.log,
	}
}

// retain removes what is older than store.retention at the start and every
// night, until ctx ends. Whole days go, so that no roll-up is made of half a one.
func (a *App) retain(ctx context.Context) error {
	store, embedded := a.Telemetry.(*tsdb.Store)
	if !embedded && a.cfg.Influx.Retention > 0 {
		return a.freeInfluxNames(ctx)
	}
	if a.cfg.Store.Retention <= 0 || !embedded {
		return nil
	}
	for ctx.Err() == nil {
		next, err := a.nextNight(a.Clock.Now())
		if err != nil {
			return err
		}
		waits, err := a.retention().Expire(ctx, a.removeFrom(store))
		if err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "old telemetry was not removed; it will be tried again", slog.Any("error", err))
		}
		switch {
		case err != nil:
			next = a.Clock.Now().Add(retryExpiry)
		case waits:
			next = a.Clock.Now().Add(a.cfg.Schedule.ScoreEvery)
		}
		if err := waitAtLeast(ctx, a.Clock, next); err != nil {
			return nil //nolint:nilerr // the end of ctx is how this loop ends
		}
	}
	return nil
}

// removeFrom takes the telemetry of before a day away, and the names only found there.
func (a *App) removeFrom(store *tsdb.Store) func(ctx context.Context, before presage.Day) error {
	return func(ctx context.Context, before presage.Day) error {
		out, err := store.Expire(ctx, before.Start())
		if err != nil {
			return err
		}
		if out.Vehicles > 0 {
			a.log.InfoContext(ctx, "old telemetry removed", slog.Time("before", before.Start()),
				slog.Int("vehicles", out.Vehicles), slog.Bool("compacted", out.Compacted))
		}
		return a.freeNames(ctx, before)
	}
}
