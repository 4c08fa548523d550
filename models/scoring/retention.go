package scoring

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"presage"
)

// RetentionStore tells what retention goes by and keeps how far it went.
type RetentionStore interface {
	Setting(ctx context.Context, name string) (string, error)
	PutSetting(ctx context.Context, name, value string) error
	// NewestSeen is the newest time that any vehicle has told; zero without one.
	NewestSeen(ctx context.Context) (time.Time, error)
	// OldestDirtyDay is the oldest dirty day from a day on, if there is one.
	OldestDirtyDay(ctx context.Context, from presage.Day) (presage.Day, bool, error)
}

// Retention decides which days of telemetry are removed. Whole days go, so that
// no roll-up is made of half a day, and none that is not rolled up yet.
type Retention struct {
	Keep  time.Duration // how old telemetry may get
	Store RetentionStore
	Now   func() time.Time
	Log   *slog.Logger
}

// trustedAhead is how far the clock may be ahead of the newest time that any
// vehicle has told, before old telemetry is kept for longer.
const trustedAhead = 24 * time.Hour

// firstKept is the first day whose telemetry is kept. It goes by the newest time
// that a vehicle has told as well: a machine that starts years ahead must not
// remove everything, and while no vehicle speaks nothing needs room.
func (r Retention) firstKept(ctx context.Context) (presage.Day, error) {
	now := r.Now()
	newest, err := r.Store.NewestSeen(ctx)
	if err != nil {
		return 0, err
	}
	if latest := newest.Add(trustedAhead); now.After(latest) {
		now = latest
	}
	return presage.DayOf(now.Add(-r.Keep)), nil
}

// removedSetting is the first day of which telemetry has not been removed, as
// a number of days.
const removedSetting = "telemetry.expired"

// FirstWhole is the first day whose telemetry is whole; 0 when nothing was removed.
func (r Retention) FirstWhole(ctx context.Context) (presage.Day, error) {
	text, err := r.Store.Setting(ctx, removedSetting)
	if errors.Is(err, presage.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%w setting %s: %w", presage.ErrInvalid, removedSetting, err)
	}
	return presage.Day(n), nil
}

// Expire lets remove take away the telemetry before a day. It goes no further
// than the oldest day that waits to be rolled up (waits): after an outage that
// is older than what is kept. How far it goes is noted before, so that nothing
// is rolled up of what is left.
func (r Retention) Expire(
	ctx context.Context, remove func(ctx context.Context, before presage.Day) error,
) (waits bool, err error) {
	gone, err := r.FirstWhole(ctx)
	if err != nil {
		return false, err
	}
	day, err := r.firstKept(ctx)
	if err != nil {
		return false, err
	}
	oldest, dirty, err := r.Store.OldestDirtyDay(ctx, gone)
	if err != nil {
		return false, err
	}
	if waits = dirty && oldest < day; waits {
		r.Log.InfoContext(ctx, "telemetry older than store.retention is kept until its days are rolled up",
			slog.Time("from", oldest.Start()))
		day = oldest
	}
	if day > gone {
		if err := r.Store.PutSetting(ctx, removedSetting, strconv.FormatInt(int64(day), 10)); err != nil {
			return false, err
		}
	}
	return waits, remove(ctx, day)
}

// Whole is q without the days whose telemetry has been removed: they leave the
// queue. A sample that comes that late would replace the roll-up of its whole
// day by one of itself.
func (r Retention) Whole(q Queue) Queue { return wholeDays{q, r} }

type wholeDays struct {
	Queue
	retention Retention
}

// DirtyDays lists at most limit days whose telemetry is whole.
func (q wholeDays) DirtyDays(ctx context.Context, limit int) ([]presage.DirtyDay, error) {
	first, err := q.retention.FirstWhole(ctx)
	if err != nil {
		return nil, err
	}
	for {
		days, err := q.Queue.DirtyDays(ctx, limit)
		if err != nil {
			return nil, err
		}
		var removed []presage.DirtyDay
		for _, d := range days {
			if d.Day < first {
				removed = append(removed, d)
			}
		}
		if len(removed) == 0 {
			return days, nil
		}
		q.retention.Log.InfoContext(ctx, "late telemetry is older than store.retention: its days are not rolled up again",
			slog.Int("days", len(removed)))
		if err := q.ClearDirty(ctx, removed); err != nil {
			return nil, err
		}
	}
}

// Over is q without the days that are not over by the clock. Recordings that
// arrived all at once can then be lived through day by day, each night seeing
// what it would have seen.
func Over(q Queue, now func() time.Time) Queue { return daysOver{q, now} }

type daysOver struct {
	Queue
	now func() time.Time
}

// DirtyDays lists at most limit days that are over.
func (q daysOver) DirtyDays(ctx context.Context, limit int) ([]presage.DirtyDay, error) {
	all, err := q.Queue.DirtyDays(ctx, 0)
	if err != nil {
		return nil, err
	}
	now := q.now()
	over := make([]presage.DirtyDay, 0, limit)
	for _, d := range all {
		if len(over) < limit && !(d.Day + 1).Start().After(now) {
			over = append(over, d)
		}
	}
	return over, nil
}
