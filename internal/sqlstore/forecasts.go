package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

// ForecastFilter selects forecasts; empty fields select all.
type ForecastFilter struct {
	Part    string
	DepotID string
	Region  string
	Level   string // "depot" (also for ""), "region" or "all"
}

// PutPartForecasts replaces the whole set of forecasts.
func (s *Store) PutPartForecasts(ctx context.Context, fs []presage.PartForecast) error {
	return s.inTx(ctx, "put part forecasts", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM part_forecasts`); err != nil {
			return err
		}
		const stmt = `INSERT INTO part_forecasts (part, depot_id, body) VALUES ($1, $2, $3)`
		return each(ctx, tx, stmt, fs, func(f presage.PartForecast) ([]any, error) {
			body, err := encode(f)
			return []any{f.Part, f.DepotID, body}, wrap(err, "forecast of "+f.Part+" at "+f.DepotID)
		})
	})
}

// PartForecasts lists forecasts by part and depot.
func (s *Store) PartForecasts(ctx context.Context, f ForecastFilter) ([]presage.PartForecast, error) {
	q := choose(`SELECT body FROM part_forecasts`).
		is("part", f.Part).is("depot_id", f.DepotID).order("part, depot_id", everything)
	fs, err := chosen(ctx, s.r, scanDocument[presage.PartForecast], q)
	return fs, wrap(err, "list part forecasts")
}
