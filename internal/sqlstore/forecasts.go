package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"

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

// PutPlan replaces the whole plan, all levels of it. ErrConflict if a part
// stands there twice at one place.
func (s *Store) PutPlan(ctx context.Context, plan []presage.PlannedPart) error {
	const doing = "put the parts plan"
	rows := make([][]any, len(plan)) // before the transaction: encoding would keep other writers waiting
	for i, p := range plan {
		f := p.Forecast
		body, err := encode(f)
		if err != nil {
			return wrap(err, doing+": forecast of "+f.Part+" at "+f.DepotID)
		}
		weeks, err := encode(p.Weeks)
		if err != nil {
			return wrap(err, doing+": weeks of "+f.Part+" at "+f.DepotID)
		}
		rows[i] = []any{levelOf(f.DepotID, f.Region), f.Part, f.Region, f.DepotID, body, weeks}
	}
	return s.inTx(ctx, doing, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM part_forecasts`); err != nil {
			return err
		}
		return each(ctx, tx, `INSERT INTO part_forecasts (level, part, region, depot_id, body, outlook)
			VALUES ($1, $2, $3, $4, $5, $6)`, rows, func(a []any) ([]any, error) { return a, nil })
	})
}

// PartForecasts lists the forecasts of one level by part, region and depot.
func (s *Store) PartForecasts(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error) {
	q := choose(`SELECT body FROM part_forecasts`).is("level", cmp.Or(f.Level, presage.LevelDepot)).
		is("part", f.Part).is("depot_id", f.DepotID).is("region", f.Region).
		order("part, region, depot_id", everything)
	fs, err := chosen(ctx, s.r, scanDocument[presage.PartForecast], q)
	return fs, wrap(err, "list part forecasts")
}

// PlannedPart reads what is planned for a part at a depot, in a region (depot
// empty) or everywhere (both empty); ErrNotFound without a forecast. A region
// beside a depot must be the depot's.
func (s *Store) PlannedPart(ctx context.Context, part, depot, region string) (presage.PlannedPart, error) {
	q := choose(`SELECT body, outlook FROM part_forecasts`).
		is("level", levelOf(depot, region)).and("part = ?", part).is("depot_id", depot).is("region", region).
		order("region", 1)
	p, err := one(ctx, s.r, func(r row) (presage.PlannedPart, error) {
		var p presage.PlannedPart
		err := r.Scan(document{&p.Forecast}, document{&p.Weeks})
		return p, err
	}, q.text.String(), q.args...)
	return p, wrap(err, fmt.Sprintf("plan of part %q (depot %q, region %q)", part, depot, region))
}
