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

// firstKept is the first day whose telemetry is kept; false when all is.
func (a *App) firstKept() (presage.Day, bool) {
	keep := time.Duration(a.cfg.Store.Retention)
	return presage.DayOf(a.Clock.Now().Add(-keep)), keep > 0
}

// retain removes what is older than store.retention at the start and every
// night, until ctx ends. Whole days go, so that no roll-up is made of half a one.
func (a *App) retain(ctx context.Context) error {
	store, embedded := a.Telemetry.(*tsdb.Store)
	if _, some := a.firstKept(); !some || !embedded {
		return nil
	}
	for ctx.Err() == nil {
		next, err := a.nextNight(a.Clock.Now())
		if err != nil {
			return err
		}
		day, _ := a.firstKept()
		out, err := store.Expire(ctx, day.Start())
		if err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "old telemetry was not removed; it will be tried again", slog.Any("error", err))
			next = a.Clock.Now().Add(retryExpiry)
		} else if out.Vehicles > 0 {
			a.log.InfoContext(ctx, "old telemetry removed", slog.Time("before", day.Start()),
				slog.Int("vehicles", out.Vehicles), slog.Bool("compacted", out.Compacted))
		}
		if err := waitAtLeast(ctx, a.Clock, next); err != nil {
			return nil //nolint:nilerr // the end of ctx is how this loop ends
		}
	}
	return nil
}

// queue is what scoring rolls up: the dirty days, without those whose telemetry
// is not kept any more.
func (a *App) queue(store scoringStore) scoring.Queue {
	if _, some := a.firstKept(); !some {
		return store
	}
	return keptQueue{store, a}
}

// keptQueue takes days off the queue whose telemetry has expired: a sample that
// comes that late would replace the roll-up of its whole day by one of itself.
type keptQueue struct {
	scoringStore
	app *App
}

// DirtyDays lists at most limit days whose telemetry is kept.
func (q keptQueue) DirtyDays(ctx context.Context, limit int) ([]scoring.DirtyDay, error) {
	first, _ := q.app.firstKept()
	for {
		days, err := q.scoringStore.DirtyDays(ctx, limit)
		if err != nil {
			return nil, err
		}
		var expired []scoring.DirtyDay
		for _, d := range days {
			if d.Day < first {
				expired = append(expired, d)
			}
		}
		if len(expired) == 0 {
			return days, nil
		}
		q.app.log.InfoContext(ctx, "late telemetry is older than store.retention: its days are not rolled up again",
			slog.Int("days", len(expired)))
		if err := q.ClearDirty(ctx, expired); err != nil {
			return nil, err
		}
	}
}
