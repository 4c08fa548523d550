package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"presage"
	"presage/cmd/presage/schedule"
)

// openSchedule says what the periodic work is.
func (a *App) openSchedule() (err error) {
	a.passes = passes{
		scoreAll: a.scoring.Score, scoreNew: a.scoring.ScoreNew, wall: wallClock,
		decideAll: func(ctx context.Context) error {
			_, err := a.Outreach.Decide(ctx)
			return wrap("decide", err)
		},
		decideFor: func(ctx context.Context, vins []presage.VIN) error {
			_, err := a.Outreach.DecideFor(ctx, vins)
			return wrap("decide", err)
		},
		plan: func(ctx context.Context) error {
			_, err := a.forecast.Run(ctx)
			return wrap("forecast", err)
		},
	}
	a.schedule, err = schedule.New(a.cfg.Schedule, a.Clock, a.log, schedule.Work{
		Night: func(ctx context.Context) error {
			if a.shared == nil {
				return errors.Join(a.Night(ctx), a.tidy(ctx))
			}
			return errors.Join(a.shared.pass(ctx, a.schedule.LastNight(a.Clock.Now())), a.once(ctx, a.tidy))
		},
		Fresh:  a.Fresh,
		Replan: a.replan,
		Sweep: func(ctx context.Context) error {
			if a.shared != nil {
				return a.shared.deadlines(ctx)
			}
			return a.sweep(ctx)
		},
		Send: func(ctx context.Context) error {
			if !a.Does(presage.ProcessOutreach) {
				return nil
			}
			_, err := a.Outreach.SendDue(ctx)
			return errors.Join(wrap("send", err), a.once(ctx, a.Notify))
		},
	})
	return err
}

// sweep looks at all deadlines.
func (a *App) sweep(ctx context.Context) error {
	_, err := a.Outreach.Sweep(ctx)
	return wrap("sweep", err)
}

// replan makes a new plan of the parts, or asks the process that does.
func (a *App) replan(ctx context.Context) error {
	if a.shared != nil {
		return a.shared.replan(ctx)
	}
	return a.passes.replan(ctx)
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
	if a.shared != nil {
		return a.shared.pass(ctx, a.Clock.Now())
	}
	return a.passes.night(ctx)
}

// Fresh does the same for the vehicles of which something new is known. Parts are
// planned in any case, because bookings may have changed.
func (a *App) Fresh(ctx context.Context) error {
	if a.shared != nil {
		return a.shared.pass(ctx, a.schedule.LastNight(a.Clock.Now()))
	}
	return a.passes.fresh(ctx)
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
