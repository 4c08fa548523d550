package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/api/ready"
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
	seat, err := a.dir.seat()
	if err != nil {
		return err
	}
	member := cluster.New(presage.Process{
		ID: rand.Text(), Seat: seat, Place: fmt.Sprintf("%s:%d", host, os.Getpid()), Roles: a.cfg.Roles,
		Since: wallClock().UTC(), Alone: a.cfg.Influx.URL == "",
	}, a.SQL, a.log)
	a.shared = &sharedPasses{
		member: member, stage: a.scoring, store: a.SQL, once: &a.passes, sweep: a.sweep, now: a.Clock.Now, log: a.log,
		decideAtOnce: 1000,
		part: func(duties []presage.Duty) scoring.Part {
			on := a.SQL.On(duties)
			return scoring.Part{Queue: a.retention().Whole(on), Rollups: on, Fleet: on, Prognoses: on}
		},
	}
	a.countDuties(member)
	return member.Beat(ctx, wallClock())
}

// countDuties shows what this process has of the work.
func (a *App) countDuties(member *cluster.Member) {
	held := func(what func(presage.Duty) bool) func() float64 {
		return func() float64 {
			return float64(len(slices.DeleteFunc(member.Held(), func(d presage.Duty) bool { return !what(d) })))
		}
	}
	a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "presage_shards", Help: "Shards of the fleet that this process judges; 64 in all processes together.",
	}, held(presage.Duty.IsShard)))
	for _, name := range []string{presage.DutyLearn, presage.DutyOutreach, presage.DutyForecast} {
		a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "presage_leads", Help: "1 at the process that does something for all; 1 in all processes together.",
			ConstLabels: prometheus.Labels{"duty": name},
		}, held(func(d presage.Duty) bool { return d.Name == name })))
	}
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

// Roles are what this process does.
func (a *App) Roles() []string { return a.cfg.Roles }

// Does tells whether this process has a role.
func (a *App) Does(role string) bool { return a.cfg.Does(role) }

// peersReady is nil while every role is some living process's.
func (a *App) peersReady(context.Context) error {
	if a.shared == nil {
		return nil
	}
	missing := a.shared.member.Missing()
	if len(missing) == 0 || a.stopping.Load() {
		return nil
	}
	note := "no process has the role " + strings.Join(missing, ", ") + ": start one (serve --roles)"
	return &ready.DegradedError{Note: note}
}
