package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"presage"
	"presage/cmd/presage/clock"
)

// scheduleState remembers how the periodic work went.
type scheduleState struct {
	mu     sync.Mutex
	last   error
	ended  time.Time   // by the wall; zero before the first
	replan atomic.Bool // a planner's figure changed: the parts are planned without delay
}

func (s *scheduleState) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last, s.ended = err, time.Now()
}

// Checked is how long ago the latest periodic work ended; 0 before the first.
func (s *scheduleState) Checked() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended.IsZero() {
		return 0
	}
	return time.Since(s.ended)
}

// Ready is nil while the latest periodic work went well.
func (s *scheduleState) Ready(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// sweepEvery is how often deadlines are looked at, in virtual time.
const sweepEvery = 10 * time.Minute

// retryPass is how soon periodic work is tried again that a store held up.
const retryPass = 15 * time.Second

// Schedule does the periodic work until ctx ends: messages every minute,
// deadlines every ten, new data as often as schedule.score_every says, and the
// whole fleet once a night. What fails is logged, shown by /readyz and tried again.
func (a *App) Schedule(ctx context.Context) error {
	var next agenda
	for {
		now := a.Clock.Now()
		if err := a.plan(&next, now); err != nil {
			return err
		}
		var errs []error
		switch {
		case !now.Before(next.night):
			errs = append(errs, a.Night(ctx), a.purgeLetters(ctx), wrap("commands", a.purgeCommands(ctx)))
			next.night = time.Time{}
			if err := a.plan(&next, now); err != nil {
				return err
			}
			next.score = now.Add(a.cfg.Schedule.ScoreEvery)
		case !now.Before(next.score):
			errs = append(errs, a.Fresh(ctx))
			next.score = now.Add(a.cfg.Schedule.ScoreEvery)
		case a.schedule.replan.Swap(false):
			_, err := a.forecast.Run(ctx)
			errs = append(errs, wrap("forecast", err))
		}
		if !now.Before(next.sweep) {
			_, err := a.Outreach.Sweep(ctx)
			errs = append(errs, wrap("sweep", err))
			next.sweep = now.Add(sweepEvery)
		}
		_, err := a.Outreach.SendDue(ctx)
		errs = append(errs, wrap("send", err))
		failed := errors.Join(errs...)
		a.report(ctx, failed)
		pause := min(time.Minute, a.cfg.Schedule.ScoreEvery)
		if errors.Is(failed, presage.ErrUnavailable) { // what a full disk stopped goes on with the rest
			pause = min(pause, retryPass)
			next.score, next.sweep = now.Add(pause), now.Add(pause)
		}
		if err := waitAtLeast(ctx, a.Clock, now.Add(pause)); err != nil {
			return nil //nolint:nilerr // the end of ctx is how this loop ends
		}
	}
}

// agenda is when the periodic work is due; looked is when it was last asked.
type agenda struct{ night, score, sweep, looked time.Time }

// plan sets what is not set yet. After a clock that was set back everything is
// planned anew: what was due by the old time may be days or years away.
func (a *App) plan(next *agenda, now time.Time) (err error) {
	if now.Before(next.looked) {
		a.log.Warn("the clock was set back: nightly and periodic work is planned anew",
			"by", next.looked.Sub(now).Round(time.Second))
		*next = agenda{}
	}
	if next.night.IsZero() {
		next.night, err = a.nextNight(now)
	}
	next.looked = now
	return err
}

// waitAtLeast waits for t, and no less than a tenth of a wall second, so that
// a fast clock does not keep a processor busy.
func waitAtLeast(ctx context.Context, c *clock.Clock, t time.Time) error {
	if least := c.Now().Add(time.Duration(float64(100*time.Millisecond) * c.Pace())); t.Before(least) {
		t = least
	}
	return c.Wait(ctx, t)
}

func (a *App) report(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	a.schedule.set(err)
	if err != nil {
		a.log.ErrorContext(ctx, "periodic work failed; it will be tried again", "error", err)
	}
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// nextNight is the first schedule.score_at after t.
func (a *App) nextNight(t time.Time) (time.Time, error) {
	zone, err := time.LoadLocation(a.cfg.Schedule.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("schedule.zone: %w: %w", presage.ErrInvalid, err)
	}
	minutes := int(a.cfg.Schedule.ScoreAt)
	local := t.In(zone)
	next := time.Date(local.Year(), local.Month(), local.Day(), minutes/60, minutes%60, 0, 0, zone)
	if !next.After(t) {
		next = time.Date(local.Year(), local.Month(), local.Day()+1, minutes/60, minutes%60, 0, 0, zone)
	}
	return next.UTC(), nil
}

// Night is the daily pass over the whole fleet: prognoses, decisions, parts.
func (a *App) Night(ctx context.Context) error {
	scored, err := a.scoring.Score(ctx)
	errs := []error{wrap("score", err)}
	if err != nil && scored.Vehicles == 0 {
		return errs[0]
	}
	// Some day could not be read: that must not keep the others waiting.
	_, err = a.Outreach.Decide(ctx)
	errs = append(errs, wrap("decide", err))
	_, err = a.forecast.Run(ctx)
	return errors.Join(append(errs, wrap("forecast", err))...)
}

// redrivenKept is for how long a dead letter stays after it was taken in.
const redrivenKept = 30 * 24 * time.Hour

// purgeLetters removes dead letters that were taken in long ago.
func (a *App) purgeLetters(ctx context.Context) error {
	n, err := a.SQL.PurgeRedriven(ctx, a.Clock.Now().Add(-redrivenKept))
	if n > 0 {
		a.log.InfoContext(ctx, "dead letters removed that were driven again", "letters", n)
	}
	return wrap("dead letters", err)
}

// Fresh does the same when new data have arrived since the last pass; without,
// it plans parts alone, because bookings may have changed.
func (a *App) Fresh(ctx context.Context) error {
	dirty, err := a.SQL.DirtyDays(ctx, 1)
	if err != nil {
		return wrap("new data", err)
	}
	if len(dirty) > 0 {
		return a.Night(ctx)
	}
	_, err = a.forecast.Run(ctx)
	return wrap("forecast", err)
}
