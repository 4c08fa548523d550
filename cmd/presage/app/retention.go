package app

import (
	"context"
	"log/slog"
	"time"

	"presage"
	"presage/internal/tsdb"
	"presage/models/scoring"
)

// retention is the rule by which telemetry is removed.
func (a *App) retention() scoring.Retention {
	return scoring.Retention{
		Keep: time.Duration(a.cfg.Store.Retention), Store: a.SQL, Now: a.Clock.Now, Log: a.log,
	}
}

// retain removes what is older than store.retention at the start and every
// night, until ctx ends. Where a server removes telemetry by itself the names
// that are only found there are forgotten.
func (a *App) retain(ctx context.Context) {
	store, embedded := a.Telemetry.(*tsdb.Store)
	switch {
	case !embedded && a.cfg.Influx.Retention > 0:
		a.schedule.EachNight(ctx, "freeing signal names", func(ctx context.Context) (bool, error) {
			return false, a.freeNames(ctx, presage.DayOf(a.Clock.Now().Add(-a.cfg.Influx.Retention)))
		})
	case embedded && a.cfg.Store.Retention > 0:
		a.schedule.EachNight(ctx, "removing old telemetry", func(ctx context.Context) (bool, error) {
			return a.retention().Expire(ctx, a.removeFrom(store))
		})
	}
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
