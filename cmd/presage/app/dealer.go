package app

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/outreach/dealer"
	"presage/outreach/feed"
)

// receivers keeps subscriptions, checked before they are kept.
type receivers struct{ *sqlstore.Store }

// PutSubscription keeps one; ErrInvalid names all its faults.
func (s receivers) PutSubscription(
	ctx context.Context, x presage.Subscription,
) (presage.Subscription, error) {
	if err := feed.Check(x); err != nil {
		return x, err
	}
	return s.Store.PutSubscription(ctx, x)
}

// subscribe keeps the receivers that the configuration names.
func (a *App) subscribe(ctx context.Context) error {
	xs, err := a.cfg.Receivers()
	if err != nil {
		return fmt.Errorf("subscriptions: %s: %w", a.cfg.Subscriptions, err)
	}
	for _, x := range xs {
		x.CreatedAt = a.Clock.Now().UTC()
		if _, err := (receivers{a.SQL}).PutSubscription(ctx, x); err != nil {
			return fmt.Errorf("subscriptions: %s: %w", x.ID, err)
		}
	}
	return nil
}

// tellEvery is how often the outbox is looked into.
const tellEvery = time.Second

// tellOthers sends changes to those who subscribed to them, until ctx ends. It
// lives in the wall's time, whatever clock the service has: so do the receivers.
func (a *App) tellOthers(ctx context.Context) {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	feed.NewCourier(feed.Config{
		Store: a.SQL, Source: a.baseURL(), Now: func() time.Time { return time.Now().UTC() }, Logger: a.log,
	}).Run(ctx, tick.C)
}

// dealerOffice takes in what dealers' systems say, and gives out what they ask for.
type dealerOffice struct {
	*dealer.Importer
	*sqlstore.Store
}

func (a *App) dealer() dealerOffice {
	o := a.Outreach
	return dealerOffice{&dealer.Importer{
		Store: a.SQL, Catalogue: a.Catalogue, Desk: o.Desk, Reception: o.Bench.Reception, Now: a.Clock.Now,
		Keep: func(ctx context.Context) error {
			_, err := o.Sweeper.Keeper.Keep(ctx)
			return err
		},
	}, a.SQL}
}

// Import takes in a file: the importer's, for the store has a step of that name.
func (d dealerOffice) Import(
	ctx context.Context, source, list string, data []byte, dryRun bool,
) (presage.ImportReport, error) {
	return d.Importer.Import(ctx, source, list, data, dryRun)
}
