package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// levelOf tells the level by what the forecast names.
func levelOf(depot, region string) string {
	switch {
	case depot != "":
		return presage.LevelDepot
	case region != "":
		return presage.LevelRegion
	}
	return presage.LevelAll
}

// PlanVersion is that of the plan in force, 0 before the first.
func (s *Store) PlanVersion(ctx context.Context) (int64, error) {
	version, _, err := s.planInForce(ctx)
	return version, err
}

// planInForce reads version and moment of the plan; the zero time before the first.
func (s *Store) planInForce(ctx context.Context) (version int64, asOf time.Time, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT version, as_of FROM parts_plan WHERE id = 1`).Scan(&version, instant{&asOf})
	return version, asOf, wrap(err, "parts plan in force")
}

// dated gives rows the moment of the plan: theirs is kept once.
func (s *Store) dated(ctx context.Context, fs []presage.PartForecast) error {
	_, asOf, err := s.planInForce(ctx)
	for i := range fs {
		if fs[i].AsOf.IsZero() {
			fs[i].AsOf = asOf
		}
	}
	return err
}

// plannedAt selects the rows of a filter.
func plannedAt(columns string, f presage.ForecastFilter) *selection {
	q := choose(`SELECT `+columns+` FROM planned_parts`).is("level", cmp.Or(f.Level, presage.LevelDepot)).
		is("part", f.Part).is("depot_id", f.DepotID).is("region", f.Region)
	if a := f.After; a != (presage.PlanPlace{}) {
		after := strings.Join([]string{q.arg(clean(a.Part)), q.arg(clean(a.Region)), q.arg(clean(a.DepotID))}, ", ")
		q.text.WriteString(" AND (part, region, depot_id) > (" + after + ")")
	}
	return q
}

func scanForecast(r row) (presage.PartForecast, error) {
	var b packedBody
	if err := r.Scan(&b.data, &b.plain); err != nil {
		return presage.PartForecast{}, err
	}
	return b.forecast()
}

// PartForecasts lists the forecasts of one level by part, region and depot.
func (s *Store) PartForecasts(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error) {
	const doing = "list part forecasts"
	fs, err := chosen(ctx, s.r, scanForecast, plannedAt("body, plain", f).order("part, region, depot_id", f.Limit))
	if err != nil {
		return nil, wrap(err, doing)
	}
	return fs, s.dated(ctx, fs)
}

// PlanLines lists the same rows without distributions: of a forecast its place, means by horizon,
// order and cost, risk, excess, transfers and what it supersedes.
func (s *Store) PlanLines(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error) {
	const doing = "list the lines of the parts plan"
	fs, err := chosen(ctx, s.r, scanLine, plannedAt("part, region, depot_id, order_now, line, plain", f).
		order("part, region, depot_id", f.Limit))
	if err != nil {
		return nil, wrap(err, doing)
	}
	return fs, s.dated(ctx, fs)
}

// PartForecastsAt reads the forecasts of a level at the places, in their order; a place
// without one is left out.
func (s *Store) PartForecastsAt(ctx context.Context, level string, places []presage.PlanPlace,
) ([]presage.PartForecast, error) {
	const doing = "read part forecasts"
	found := make(map[presage.PlanPlace]presage.PartForecast, len(places))
	for some := range slices.Chunk(places, atOnce) {
		q := choose(`SELECT body, plain FROM planned_parts`).is("level", cmp.Or(level, presage.LevelDepot))
		q.text.WriteString(" AND (part, region, depot_id) IN (VALUES ")
		rows := make([]string, atOnce) // the statement is the same for any number
		for i := range rows {
			p := some[min(i, len(some)-1)]
			rows[i] = "(" + q.arg(p.Part) + "," + q.arg(p.Region) + "," + q.arg(p.DepotID) + ")"
		}
		q.text.WriteString(strings.Join(rows, ",") + ")")
		fs, err := chosen(ctx, s.r, scanForecast, q)
		if err != nil {
			return nil, wrap(err, doing)
		}
		for _, f := range fs {
			found[f.Place()] = f
		}
	}
	out := make([]presage.PartForecast, 0, len(places))
	for _, p := range places {
		if f, ok := found[p]; ok {
			out = append(out, f)
		}
	}
	return out, s.dated(ctx, out)
}

// PlannedPart reads what is planned for a part at a depot, in a region (depot
// empty) or everywhere (both empty); ErrNotFound without a forecast. A region
// beside a depot must be the depot's.
func (s *Store) PlannedPart(ctx context.Context, part, depot, region string) (presage.PlannedPart, error) {
	doing := fmt.Sprintf("plan of part %q (depot %q, region %q)", part, depot, region)
	q := choose(`SELECT body, plain, outlook, plain_outlook FROM planned_parts`).
		is("level", levelOf(depot, region)).and("part = ?", part).is("depot_id", depot).is("region", region).
		order("region", 1)
	p, err := one(ctx, s.r, func(r row) (p presage.PlannedPart, err error) {
		var body, outlook packedBody
		if err := r.Scan(&body.data, &body.plain, &outlook.data, &outlook.plain); err != nil {
			return p, err
		}
		if p.Forecast, err = body.forecast(); err == nil {
			p.Weeks, err = outlook.weeks()
		}
		return p, err
	}, q.text.String(), q.args...)
	if err != nil {
		return p, wrap(err, doing)
	}
	if p.Forecast.AsOf.IsZero() {
		_, p.Forecast.AsOf, err = s.planInForce(ctx)
	}
	return p, err
}

// partsToOrder is how many parts at depots the plan orders.
func (s *Store) partsToOrder(ctx context.Context, n *int) error {
	err := s.count(ctx, n, `SELECT COUNT(*) FROM planned_parts WHERE level = $1 AND order_now > 0`, presage.LevelDepot)
	return wrap(err, "count the parts to order")
}
