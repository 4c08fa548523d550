package app

import (
	"context"

	"presage/cmd/presage/config"
	"presage/forecast"
	"presage/internal/sqlstore"
)

// forecastStore hands out the SQL store as it stands at one moment.
type forecastStore struct{ *sqlstore.Store }

var (
	_ forecast.Store     = forecastStore{}
	_ forecast.DeskStore = forecastStore{}
)

// planConfig is the configuration in the forecast's words.
func planConfig(c config.Forecast) forecast.Config {
	plan := forecast.Default()
	plan.HorizonDays, plan.Horizons, plan.AutoOrder = c.HorizonDays, c.Horizons, c.AutoOrder
	plan.Policy, plan.ServiceLevel, plan.FillRate = c.Policy, c.ServiceLevel, c.FillRate
	plan.HoldingCost, plan.ShortageCost = c.HoldingCost, c.ShortageCost
	return plan
}

// Snapshot reads from one moment of the store.
func (s forecastStore) Snapshot(ctx context.Context, f func(forecast.Reads) error) error {
	return s.Store.Snapshot(ctx, func(at *sqlstore.Store) error { return f(forecastStore{at}) })
}

// DeskSnapshot reads from one moment of the store.
func (s forecastStore) DeskSnapshot(ctx context.Context, f func(forecast.DeskReads) error) error {
	return s.Store.Snapshot(ctx, func(at *sqlstore.Store) error { return f(forecastStore{at}) })
}
