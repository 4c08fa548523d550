package apitest

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"presage"
	"presage/forecast"
)

// PartForecasts implements rest.Parts.
func (w *World) PartForecasts(_ context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.PartForecast
	for _, part := range w.catalogue.Parts {
		if f.Part != "" && f.Part != part.Number {
			continue
		}
		switch f.Level {
		case presage.LevelRegion:
			for _, region := range w.regions() {
				if rows := w.plan(part.Number, "", region); len(rows) > 0 && (f.Region == "" || f.Region == region) {
					out = append(out, sum(part.Number, region, rows).Forecast)
				}
			}
		case presage.LevelAll:
			if rows := w.plan(part.Number, "", ""); len(rows) > 0 {
				out = append(out, sum(part.Number, "", rows).Forecast)
			}
		default:
			for _, o := range w.plan(part.Number, f.DepotID, f.Region) {
				out = append(out, o.Forecast)
			}
		}
	}
	return window(out, f), w.Err
}

// window is the part of a list that the filter asks for.
func window(rows []presage.PartForecast, f presage.ForecastFilter) []presage.PartForecast {
	key := func(p presage.PlanPlace) string { return p.Part + "\x00" + p.Region + "\x00" + p.DepotID }
	slices.SortFunc(rows, func(a, b presage.PartForecast) int { return cmp.Compare(key(a.Place()), key(b.Place())) })
	if f.After != (presage.PlanPlace{}) {
		rows = slices.DeleteFunc(rows, func(r presage.PartForecast) bool { return key(r.Place()) <= key(f.After) })
	}
	if f.Limit > 0 {
		rows = rows[:min(len(rows), f.Limit)]
	}
	return rows
}

// PlanRows implements rest.Parts.
func (w *World) PlanRows(ctx context.Context, f presage.ForecastFilter,
	pick func([]presage.PartForecast) []presage.PartForecast,
) ([]presage.PartForecast, error) {
	return PickRows(ctx, w, f, pick)
}

// EachPlanRow implements rest.Parts.
func (w *World) EachPlanRow(ctx context.Context, f presage.ForecastFilter,
	pick func([]presage.PartForecast) []presage.PartForecast, each func(presage.PartForecast) error,
) error {
	rows, err := PickRows(ctx, w, f, pick)
	for _, row := range rows {
		if err == nil {
			err = each(row)
		}
	}
	return err
}

// StockBudget implements rest.Parts.
func (w *World) StockBudget(ctx context.Context, f presage.ForecastFilter, money presage.Money,
	price func(part string) presage.Money,
) (presage.StockBudget, error) {
	return forecast.Budget(money, price, func(add func(presage.PartForecast) error) error {
		return w.EachPlanRow(ctx, f, nil, add)
	})
}

// Forecasts lists forecasts.
type Forecasts interface {
	PartForecasts(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error)
}

// PickRows gives pick the forecasts that a world lists, and returns its choice of them.
func PickRows(ctx context.Context, of Forecasts, f presage.ForecastFilter,
	pick func([]presage.PartForecast) []presage.PartForecast,
) ([]presage.PartForecast, error) {
	rows, err := of.PartForecasts(ctx, f)
	if err == nil && pick != nil {
		rows = pick(rows)
	}
	return rows, err
}

// PartOutlook implements rest.Parts.
func (w *World) PartOutlook(_ context.Context, part, depot, region string) (presage.PartOutlook, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.Err != nil {
		return presage.PartOutlook{}, w.Err
	}
	rows := w.plan(part, depot, region)
	if len(rows) == 0 {
		return presage.PartOutlook{}, unplanned(part, depot, region)
	}
	if depot == "" {
		return sum(part, region, rows), nil
	}
	o := rows[0]
	o.Accuracy = accuracy(o.Past)
	for _, x := range slices.Backward(w.overrides) {
		if x.Part == part && x.DepotID == depot {
			o.Overrides = append(o.Overrides, x)
		}
	}
	return o, nil
}

// PlanAccuracy implements web.Parts.
func (w *World) PlanAccuracy(_ context.Context, f presage.ForecastFilter) ([]presage.ForecastAccuracy, error) {
	var past []presage.PastForecast
	for _, o := range w.outlooks {
		x := o.Forecast
		if (f.Part == "" || f.Part == x.Part) && (f.DepotID == "" || f.DepotID == x.DepotID) &&
			(f.Region == "" || f.Region == x.Region) {
			past = append(past, o.Past...)
		}
	}
	return accuracy(past), w.Err
}

// plan selects outlooks with the overrides in force; empty selects all.
func (w *World) plan(part, depot, region string) []presage.PartOutlook {
	var out []presage.PartOutlook
	for _, o := range w.outlooks {
		f := o.Forecast
		if f.Part != part || depot != "" && f.DepotID != depot || region != "" && f.Region != region {
			continue
		}
		for _, x := range w.overrides {
			if x.Part == part && x.DepotID == f.DepotID && x.InForce(presage.DayOf(w.now)) {
				o.Forecast.Override = &x
			}
		}
		out = append(out, o)
	}
	return out
}

func (w *World) regions() []string {
	var out []string
	for _, d := range w.depots {
		if !slices.Contains(out, d.Region) {
			out = append(out, d.Region)
		}
	}
	return out
}

// accuracy sums past forecasts up; what it says of the components alone is invented.
func accuracy(past []presage.PastForecast) []presage.ForecastAccuracy {
	if len(past) == 0 {
		return nil
	}
	var model, planner presage.ForecastAccuracy
	var fleetRPS, historyRPS, means, actuals, plans, planActuals float64
	for _, x := range past {
		actual := float64(x.Actual)
		means, actuals = means+x.Mean, actuals+actual
		model.MAE += math.Abs(x.Mean - actual)
		model.RPS += x.RPS
		fleetRPS, historyRPS = fleetRPS+x.FleetRPS, historyRPS+x.HistoryRPS
		if actual >= x.P10 && actual <= x.P90 {
			model.Inside80++
		}
		if x.Override != nil {
			planner.Forecasts++
			plans, planActuals = plans+*x.Override, planActuals+actual
			planner.MAE += math.Abs(*x.Override - actual)
		}
	}
	n := float64(len(past))
	model.Of, model.Forecasts = "model", len(past)
	model.Bias, model.MAE, model.RPS, model.Inside80 = (means-actuals)/max(actuals, 1), model.MAE/n, model.RPS/n, model.Inside80/n
	fleet, history := model, model
	fleet.Of, fleet.Bias, fleet.MAE, fleet.RPS = "fleet", model.Bias+.06, model.MAE*1.1, fleetRPS/n
	history.Of, history.Bias, history.MAE, history.RPS = "history", model.Bias-.11, model.MAE*1.3, historyRPS/n
	out := []presage.ForecastAccuracy{model, fleet, history}
	if planner.Forecasts > 0 {
		planner.Of, planner.Bias = "planner", (plans-planActuals)/max(planActuals, 1)
		planner.MAE /= float64(planner.Forecasts)
		out = append(out, planner)
	}
	return out
}

// PutOverride implements rest.Overrides.
func (w *World) PutOverride(_ context.Context, o presage.DemandOverride) (presage.DemandOverride, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	today := presage.DayOf(w.now)
	if err := o.Validate(today); err != nil {
		return o, err
	}
	if len(w.plan(o.Part, o.DepotID, "")) == 0 || o.DepotID == "" {
		return o, unplanned(o.Part, o.DepotID, "")
	}
	for i, x := range w.overrides {
		if x.Part == o.Part && x.DepotID == o.DepotID && x.InForce(today) {
			w.overrides[i].WithdrawnAt, w.overrides[i].WithdrawnBy = w.now, o.By
		}
	}
	o.ID, o.CreatedAt = int64(len(w.overrides)+1), w.now
	w.overrides = append(w.overrides, o)
	return o, w.Err
}

// WithdrawOverride implements rest.Overrides.
func (w *World) WithdrawOverride(_ context.Context, id int64, by string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.overrides, func(o presage.DemandOverride) bool { return o.ID == id })
	if i < 0 {
		return fmt.Errorf("override %d: %w", id, presage.ErrNotFound)
	}
	if !w.overrides[i].InForce(presage.DayOf(w.now)) {
		return fmt.Errorf("override %d has ended: %w", id, presage.ErrConflict)
	}
	w.overrides[i].WithdrawnAt, w.overrides[i].WithdrawnBy = w.now, by
	return w.Err
}

// Overrides implements rest.Overrides.
func (w *World) Overrides(_ context.Context, part, depot string) ([]presage.DemandOverride, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.DemandOverride
	for _, x := range slices.Backward(w.overrides) {
		if (part == "" || x.Part == part) && (depot == "" || x.DepotID == depot) {
			out = append(out, x)
		}
	}
	return out, w.Err
}
