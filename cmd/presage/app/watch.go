package app

import (
	"context"

	"presage"
	"presage/ingest/watch"
	"presage/internal/sqlstore"
)

// openWatch makes the watch rules of the catalogue look at what comes in.
func (a *App) openWatch(ctx context.Context) error {
	var shared watch.Shared // one process alone opens a file of SQLite
	if postgres(a.cfg) {
		shared = a.SQL
	}
	var err error
	a.watch, err = watch.New(ctx, a.Catalogue, watch.Deps{
		Store: a.SQL, Shared: shared, Receiver: &urgentDesk{a}, Now: a.Clock.Now, Logger: a.log, Registerer: a.registry,
	})
	return err
}

// DeliverAlerts tells outreach at once what the watch rules have found in
// everything that is durable by now. Serve does so by itself.
func (a *App) DeliverAlerts(ctx context.Context) error { return a.watch.Deliver(ctx) }

// urgentDesk hands alerts to outreach and does not wait for its schedule.
type urgentDesk struct{ app *App }

// Raise opens a case and lets its messages go out now: the next alert does not
// wait until they are.
func (d *urgentDesk) Raise(ctx context.Context, a presage.Alert) error {
	err := d.app.Outreach.Raise(ctx, a)
	if err == nil {
		d.app.schedule.SendSoon()
	}
	return err
}

// Clear ends what Raise began.
func (d *urgentDesk) Clear(ctx context.Context, a presage.Alert) error {
	return d.app.Outreach.Clear(ctx, a)
}

// alertBook reads alerts in the API's words.
type alertBook struct {
	sql *sqlstore.Store
	cat *presage.Catalogue
}

// Alerts lists alerts, those that stand first. States whose rule has left the
// catalogue are not alerts any more: where a page holds some, more is read.
func (b alertBook) Alerts(ctx context.Context, f presage.AlertFilter) ([]presage.Alert, error) {
	var alerts []presage.Alert
	for {
		states, err := b.sql.WatchFired(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, s := range states {
			if a, ok := b.cat.Alert(s); ok && (f.Limit <= 0 || len(alerts) < f.Limit) {
				alerts = append(alerts, a)
			}
		}
		if f.Limit <= 0 || len(states) < f.Limit || len(alerts) == f.Limit {
			return alerts, nil
		}
		last := states[len(states)-1]
		f.After = &presage.Alert{VIN: last.VIN, Rule: last.Rule, Signal: last.Signal, FiredAt: last.FiredAt}
		if !last.Firing() {
			f.After.ClearedAt = last.At
		}
	}
}
