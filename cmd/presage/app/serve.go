package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/api"
	"presage/api/port"
)

func (a *App) openAPI(version string) error {
	parts := planning{
		store: forecastStore{a.SQL}, now: a.Clock.Now, replan: func() { a.schedule.replan.Store(true) },
		accuracy: new(accuracies),
	}
	a.backups = newBackups(a, version)
	var err error
	if a.adminKey, err = a.cfg.OpenAdminKey(); err != nil {
		return err
	}
	zone, err := time.LoadLocation(a.cfg.Schedule.Zone)
	if err != nil {
		return fmt.Errorf("schedule.zone: %w: %w", presage.ErrInvalid, err)
	}
	a.handler, err = api.New(api.Config{
		AdminKey: a.adminKey, PublicURL: a.cfg.HTTP.PublicURL, TLS: a.cfg.HTTP.TLSCert != "", Zone: zone, Version: version,
	}, api.Deps{
		Catalogue: a.Catalogue, Vehicles: a.SQL, Places: a.SQL, Health: a.SQL, Fleet: a.SQL,
		Registry: registry{a.SQL, a.edge.wake}, Cases: a.SQL, Bookings: a.SQL, Messages: a.SQL,
		Alerts: alertBook{a.SQL, a.Catalogue}, Desk: a.Outreach, Offers: offers{a.Outreach},
		Parts: parts, Planning: parts,
		Commands: a.SQL, Notify: a.commandPut,
		Credentials: a.credentials(), Logins: a.SQL, SilentAfter: a.cfg.Ingest.SilentAfter, Backups: a.backups,
		Intake:      a.httpDoor,
		DeadLetters: a.SQL, Redriver: &redriver{app: a, after: map[string]int64{}},
		Logger: a.log, Metrics: a.registry, Hooks: a.webhooks,
		Clock:  port.Clock{Now: a.Clock.Now, Label: a.clockLabel},
		Checks: a.checks(),
	})
	return err
}

// clockLabel is what the pages say about a clock that is not the wall's.
func (a *App) clockLabel() string {
	pace, offset := a.Clock.Pace(), a.Clock.Offset().Abs()
	switch {
	case pace != 1:
		return fmt.Sprintf("×%g", pace)
	case offset > time.Minute:
		return fmt.Sprintf("%+d h %02d min", int(a.Clock.Offset().Hours()), int(offset.Minutes())%60)
	}
	return ""
}

// Serve takes telemetry in and answers HTTP until ctx ends, then lets both
// finish what they hold. Periodic work is Schedule's.
func (a *App) Serve(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	// The pipeline outlives ctx by its last flush.
	draining, drained := context.WithCancel(context.WithoutCancel(ctx))
	defer drained()
	group.Go(func() error { return a.Pipeline.Run(draining) })
	group.Go(func() error {
		defer drained()
		err := a.takeIn(ctx)
		flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		// What cannot be flushed is not acknowledged: whoever sent it keeps it.
		return errors.Join(err, ignoreUnavailable(a.Pipeline.Flush(flush)))
	})
	group.Go(func() error { return a.runSpool(ctx) })
	group.Go(func() error { return a.runSeries(ctx) })
	group.Go(func() error { return a.retain(ctx) })
	group.Go(func() error { return a.backups.run(ctx) })
	group.Go(func() error { return serveHTTP(ctx, a.listener, a.handler) })
	if a.metricsListener != nil {
		group.Go(func() error { return serveHTTP(ctx, a.metricsListener, a.openMetrics()) })
	}
	group.Go(func() error { return a.watch.Run(ctx) })
	group.Go(func() error { return a.forwardCommands(ctx) })
	group.Go(func() error { a.watchEdge(ctx); return nil })
	return group.Wait()
}

// takeIn lets vehicles send, over MQTT and to the gateway, until ctx ends.
func (a *App) takeIn(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	if a.door != nil {
		group.Go(func() error { return a.door.Run(ctx) })
	} else {
		group.Go(func() error { return a.subscriber.Run(ctx) })
	}
	if a.gateway != nil {
		group.Go(func() error { return a.gateway.Run(ctx) })
	}
	return group.Wait()
}

func ignoreUnavailable(err error) error {
	if errors.Is(err, presage.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
