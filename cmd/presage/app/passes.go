package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"presage/cmd/presage/schedule"
)

// openSchedule says what the periodic work is.
func (a *App) openSchedule() (err error) {
	a.schedule, err = schedule.New(a.cfg.Schedule, a.Clock, a.log, schedule.Work{
		Night:  func(ctx context.Context) error { return errors.Join(a.Night(ctx), a.tidy(ctx)) },
		Fresh:  a.Fresh,
		Replan: a.replan,
		Sweep: func(ctx context.Context) error {
			_, err := a.Outreach.Sweep(ctx)
			return wrap("sweep", err)
		},
		Send: func(ctx context.Context) error {
			_, err := a.Outreach.SendDue(ctx)
			return errors.Join(wrap("send", err), a.Notify(ctx))
		},
	})
	return err
}

// Schedule does the periodic work until ctx ends.
func (a *App) Schedule(ctx context.Context) error { return a.schedule.Run(ctx) }

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
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
	return errors.Join(append(errs, a.replan(ctx))...)
}

// What is done with is kept this long.
const (
	redrivenKept = 30 * 24 * time.Hour // dead letters that were taken in
	commandsKept = 30 * 24 * time.Hour // commands that are done or expired
)

// tidy removes dead letters and commands that ended long ago, and MQTT sessions
// whose time is over.
func (a *App) tidy(ctx context.Context) error {
	now := a.Clock.Now()
	letters, err := a.SQL.PurgeRedriven(ctx, now.Add(-redrivenKept))
	commands, errCommands := a.SQL.PurgeCommands(ctx, now.Add(-commandsKept), now)
	sessions, errSessions := a.SQL.ExpireSessions(ctx, now)
	delivered, errDelivered := a.SQL.PurgeDelivered(ctx, now)
	if letters+commands+sessions+delivered > 0 {
		a.log.InfoContext(ctx, "what ended long ago is removed", slog.Int64("dead_letters", letters),
			slog.Int64("commands", commands), slog.Int64("sessions", sessions), slog.Int64("deliveries", delivered))
	}
	return errors.Join(wrap("dead letters", err), wrap("commands", errCommands), wrap("sessions", errSessions),
		wrap("deliveries", errDelivered))
}

// Fresh does the same for the vehicles of which something new is known. Parts are
// planned in any case, because bookings may have changed.
func (a *App) Fresh(ctx context.Context) error {
	scored, err := a.scoring.ScoreNew(ctx)
	errs := []error{wrap("score", err)}
	switch {
	case err != nil && scored.Vehicles == 0:
		return errs[0]
	case scored.VINs == nil: // the first pass ever was over the whole fleet
		_, err = a.Outreach.Decide(ctx)
	default:
		_, err = a.Outreach.DecideFor(ctx, scored.VINs)
	}
	errs = append(errs, wrap("decide", err))
	if a.planRests() {
		return errors.Join(errs...)
	}
	return errors.Join(append(errs, a.replan(ctx))...)
}

// What planning may cost: a plan of a large fleet takes its time, and new data come all the time.
const (
	shortPlan = time.Second // one that takes no longer is made as often as it is asked for
	planShare = 10          // others take a tenth of the time at most
)

// replan makes a new plan of the parts.
func (a *App) replan(ctx context.Context) error {
	begun := wallClock()
	_, err := a.forecast.Run(ctx)
	a.planned = wallClock()
	a.planTook = a.planned.Sub(begun)
	return wrap("forecast", err)
}

// planRests tells whether the last plan was made so lately, for what it cost,
// that the next one can wait.
func (a *App) planRests() bool {
	return a.planTook > shortPlan && wallClock().Sub(a.planned) < (planShare-1)*a.planTook
}
