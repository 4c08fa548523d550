package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"presage"
	"presage/cmd/presage/config"
	"presage/forecast"
	"presage/internal/sqlstore"
)

// forecastStore is the SQL store in the forecast's words.
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

// AllVehicles lists the whole fleet.
func (s forecastStore) AllVehicles(ctx context.Context) ([]presage.Vehicle, error) {
	return allVehicles(ctx, s.Store)
}

// ActiveCases lists every case that has not ended.
func (s forecastStore) ActiveCases(ctx context.Context) ([]presage.Case, error) {
	return s.Store.CasesIn(ctx,
		presage.CaseOpen, presage.CaseOffered, presage.CaseBooked, presage.CaseArrived, presage.CaseEscalated)
}

// BookingsBetween lists bookings in every state that start in [from, to).
func (s forecastStore) BookingsBetween(ctx context.Context, from, to time.Time) ([]presage.Booking, error) {
	return s.Bookings(ctx, presage.BookingFilter{From: from, To: to})
}

// AllStock lists every part at every depot.
func (s forecastStore) AllStock(ctx context.Context) ([]presage.Stock, error) {
	return s.Stock(ctx, presage.StockFilter{})
}

// OpenOrders lists every order on its way.
func (s forecastStore) OpenOrders(ctx context.Context) ([]presage.PurchaseOrder, error) {
	return s.Store.OpenOrders(ctx, "", "")
}

// AllPartUse lists the use of all parts at all depots.
func (s forecastStore) AllPartUse(ctx context.Context, from, to presage.Day) ([]presage.PartUse, error) {
	return s.PartUse(ctx, "", "", from, to)
}

// PutPlan replaces the plan.
func (s forecastStore) PutPlan(ctx context.Context, plan forecast.Planned) error {
	rows := make([]presage.PlannedPart, len(plan.Forecasts))
	for i, f := range plan.Forecasts {
		rows[i].Forecast = f
		if i < len(plan.Weeks) {
			rows[i].Weeks = plan.Weeks[i]
		}
	}
	return s.Store.PutPlan(ctx, rows)
}

// PutForecastLaws archives forecasts under the day they were made.
func (s forecastStore) PutForecastLaws(ctx context.Context, laws []forecast.ArchivedLaw) error {
	rows := make([]sqlstore.ForecastLaw, len(laws))
	for i, l := range laws {
		body, err := json.Marshal(l)
		if err != nil {
			return fmt.Errorf("archive the forecast of %s at %s: %w: %w", l.Part, l.DepotID, presage.ErrInvalid, err)
		}
		day := presage.DayOf(l.AsOf)
		rows[i] = sqlstore.ForecastLaw{
			Part: l.Part, DepotID: l.DepotID, AsOf: day, HorizonDays: l.HorizonDays,
			DueAt: day.Start().AddDate(0, 0, l.HorizonDays), Body: body,
		}
	}
	return s.Store.PutForecastLaws(ctx, rows)
}

// DueForecastLaws lists the archived forecasts whose days are over.
func (s forecastStore) DueForecastLaws(ctx context.Context, now time.Time) ([]forecast.ArchivedLaw, error) {
	rows, err := s.Store.DueForecastLaws(ctx, now)
	if err != nil {
		return nil, err
	}
	laws := make([]forecast.ArchivedLaw, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal(r.Body, &laws[i]); err != nil {
			return nil, fmt.Errorf("archived forecast of %s at %s on %s: %w", r.Part, r.DepotID, r.AsOf, err)
		}
	}
	return laws, nil
}

// PutForecastScores puts scores in the place of their archived forecasts.
func (s forecastStore) PutForecastScores(ctx context.Context, scores []forecast.ScoredForecast) error {
	rows := make([]sqlstore.ForecastScore, len(scores))
	for i, sc := range scores {
		body, err := json.Marshal(sc)
		if err != nil {
			return fmt.Errorf("score of the forecast of %s at %s: %w: %w", sc.Part, sc.DepotID, presage.ErrInvalid, err)
		}
		rows[i] = sqlstore.ForecastScore{
			Part: sc.Part, DepotID: sc.DepotID, AsOf: presage.DayOf(sc.AsOf), HorizonDays: sc.HorizonDays, Body: body,
		}
	}
	return s.Store.PutForecastScores(ctx, rows)
}

// EachForecastScore hands over the scores of a filter.
func (s forecastStore) EachForecastScore(
	ctx context.Context, f presage.ScoreFilter, each func(forecast.ScoredForecast),
) error {
	return s.Store.EachForecastScore(ctx, f, func(r sqlstore.ForecastScore) error {
		var score forecast.ScoredForecast
		if err := json.Unmarshal(r.Body, &score); err != nil {
			return fmt.Errorf("score of the forecast of %s at %s on %s: %w", r.Part, r.DepotID, r.AsOf, err)
		}
		each(score)
		return nil
	})
}
