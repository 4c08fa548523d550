package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"presage"
	"presage/internal/tsdb"
)

// retryExpiry is when a pass that failed is tried again.
const retryExpiry = time.Hour

// expires tells whether telemetry is kept for some time only.
func (a *App) expires() bool { return a.cfg.Store.Retention > 0 }

// trustedAhead is how far the clock may be ahead of the newest time that any
// vehicle has told, before old telemetry is kept for longer.
const trustedAhead = 24 * time.Hour

// firstKept is the first day whose telemetry is kept. It goes by the newest time
// that a vehicle has told as well: a machine that starts years ahead must not
// remove everything, and while no vehicle speaks nothing needs room.
func (a *App) firstKept(ctx context.Context) (presage.Day, error) {
	now := a.Clock.Now()
	newest, err := a.SQL.NewestSeen(ctx)
	if err != nil {
		return 0, err
	}
	if latest := newest.Add(trustedAhead); now.After(latest) {
		now = latest
	}
	return presage.DayOf(now.Add(-time.Duration(a.cfg.Store.Retention))), nil
}

// expiredSetting is the first day of which telemetry has not been removed, as
// a number of days.
const expiredSetting = "telemetry.expired"

// expired is the first day whose telemetry is whole; 0 when nothing was removed.
func (a *App) expired(ctx context.Context) (presage.Day, error) {
	text, err := a.SQL.Setting(ctx, expiredSetting)
	if errors.Is(err, presage.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%w setting %s: %w", presage.ErrInvalid, expiredSetting, err)
	}
	return presage.Day(n), nil
}

// retain removes what is older than store.retention at the start and every
// night, until ctx ends. Whole days go, so that no roll-up is made of half a one.
func (a *App) retain(ctx context.Context) error {
	store, embedded := a.Telemetry.(*tsdb.Store)
	if !embedded && a.cfg.Influx.Retention > 0 {
		return a.freeInfluxNames(ctx)
	}
	if !a.expires() || !embedded {
		return nil
	}
	for ctx.Err() == nil {
		next, err := a.nextNight(a.Clock.Now())
		if err != nil {
			return err
		}
		waits, err := a.expire(ctx, store)
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

// expire is one pass. It goes no further than the oldest day that waits to be
// rolled up (waits): after an outage that is older than what is kept. How far
// it goes is noted before, so that nothing is rolled up of what is left.
func (a *App) expire(ctx context.Context, store *tsdb.Store) (waits bool, err error) {
	gone, err := a.expired(ctx)
	if err != nil {
		return false, err
	}
	day, err := a.firstKept(ctx)
	if err != nil {
		return false, err
	}
	oldest, dirty, err := a.SQL.OldestDirtyDay(ctx, gone)
	if err != nil {
		return false, err
	}
	if waits = dirty && oldest < day; waits {
		a.log.InfoContext(ctx, "telemetry older than store.retention is kept until its days are rolled up",
			slog.Time("from", oldest.Start()))
		day = oldest
	}
	if day > gone {
		if err := a.SQL.PutSetting(ctx, expiredSetting, strconv.FormatInt(int64(day), 10)); err != nil {
			return false, err
		}
	}
	out, err := store.Expire(ctx, day.Start())
	if err == nil && out.Vehicles > 0 {
		a.log.InfoContext(ctx, "old telemetry removed", slog.Time("before", day.Start()),
			slog.Int("vehicles", out.Vehicles), slog.Bool("compacted", out.Compacted))
	}
	if err == nil {
		err = a.freeNames(ctx, day)
	}
	return waits, err
}

// keptQueue is what scoring rolls up: the dirty days, without those whose
// telemetry has been removed. A sample that comes that late would replace the
// roll-up of its whole day by one of itself.
type keptQueue struct {
	scoringStore
	app *App
}

// DirtyDays lists at most limit days whose telemetry is whole.
func (q keptQueue) DirtyDays(ctx context.Context, limit int) ([]presage.DirtyDay, error) {
	first, err := q.app.expired(ctx)
	if err != nil {
		return nil, err
	}
	for {
		days, err := q.scoringStore.DirtyDays(ctx, limit)
		if err != nil {
			return nil, err
		}
		var expired []presage.DirtyDay
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
