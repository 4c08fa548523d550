package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"presage"
	"presage/internal/cluster"
	"presage/internal/sqlstore"
	"presage/models/scoring"
)

// openShare makes this process one of those that share the fleet, where the database is a
// server's: a file has one process.
func (a *App) openShare(ctx context.Context) error {
	file, err := sqlstore.File(DatabaseURL(a.cfg))
	if err != nil || file != "" {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	member := cluster.New(presage.Process{
		ID: rand.Text(), Place: fmt.Sprintf("%s:%d", host, os.Getpid()), Roles: roles(),
		Since: wallClock().UTC(), Alone: a.cfg.Influx.URL == "",
	}, a.SQL, a.log)
	a.shared = &sharedPasses{
		member: member, stage: a.scoring, store: a.SQL, once: &a.passes, sweep: a.sweep, now: a.Clock.Now, log: a.log,
		part: func(duties []presage.Duty) scoring.Part {
			on := a.SQL.On(duties)
			return scoring.Part{Queue: a.retention().Whole(on), Rollups: on, Fleet: on, Prognoses: on}
		},
	}
	return member.Beat(ctx, wallClock())
}

// share tells the other processes that this one lives, until ctx ends.
func (a *App) share(ctx context.Context) error {
	if a.shared == nil {
		return nil
	}
	return a.shared.member.Run(ctx, wallClock)
}

// leaveTimeout bounds the farewell: the others notice a death too.
const leaveTimeout = 3 * time.Second

// leave gives back what this process has, so that others need not wait for its death.
func (a *App) leave() error {
	if a.shared == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	return ignoreUnavailable(a.shared.member.Leave(ctx))
}

// once does work of outreach that one process does for all.
func (a *App) once(ctx context.Context, work func(context.Context) error) error {
	if a.shared != nil {
		if _, leads := a.shared.member.Leads(presage.DutyOutreach); !leads {
			return nil
		}
	}
	return work(ctx)
}

// roles are what a process does.
func roles() []string { return []string{"ingest", "score", "outreach", "forecast", "api"} }
