package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"presage"
)

// scoresKept is for how many days the score of a forecast is kept.
const scoresKept = 2 * 365

// ArchiveForecasts archives forecasts, all or none. One of the same part, depot,
// day and horizon is replaced.
func (s *Store) ArchiveForecasts(ctx context.Context, forecasts []presage.ArchivedForecast) error {
	const stmt = `INSERT INTO forecast_laws (part, depot_id, as_of, horizon_days, due_at, body)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (part, depot_id, as_of, horizon_days) DO UPDATE SET due_at = excluded.due_at, body = excluded.body`
	return put(s, stmt, forecasts, func(l presage.ArchivedForecast) ([]any, error) {
		day := presage.DayOf(l.AsOf)
		due := (day + presage.Day(l.HorizonDays)).Start()
		body, err := encode(l)
		return []any{l.Part, l.DepotID, int64(day), l.HorizonDays, micros(due), body}, err
	})(ctx, "archive forecasts")
}

// NewestArchived is the start of the day of the newest forecast that was
// ever archived, scored or not; the zero time without any.
func (s *Store) NewestArchived(ctx context.Context) (time.Time, error) {
	day, err := one(ctx, s.r, func(r row) (day sql.Null[presage.Day], err error) {
		err = r.Scan(&day)
		return day, err
	}, `SELECT MAX(as_of) FROM (
		SELECT MAX(as_of) AS as_of FROM forecast_laws UNION ALL SELECT MAX(as_of) FROM forecast_scores) AS made`)
	if err != nil || !day.Valid {
		return time.Time{}, wrap(err, "newest archived forecast")
	}
	return day.V.Start(), nil
}

// UnscoredForecasts lists the archived forecasts whose days are over by now and
// that have no score, by part, depot, day and horizon.
func (s *Store) UnscoredForecasts(ctx context.Context, now time.Time) ([]presage.ArchivedForecast, error) {
	forecasts, err := all(ctx, s.r, scanDocument[presage.ArchivedForecast], `SELECT body FROM forecast_laws
		WHERE due_at <= $1 ORDER BY part, depot_id, as_of, horizon_days`, micros(now))
	return forecasts, wrap(err, "list forecasts to be scored")
}

// PutForecastScores puts the scores in the place of their archived forecasts,
// all or none, and drops those of forecasts made two years before the newest of them.
func (s *Store) PutForecastScores(ctx context.Context, scores []presage.ScoredForecast) error {
	if len(scores) == 0 {
		return nil
	}
	var newest presage.Day
	for _, sc := range scores {
		newest = max(newest, presage.DayOf(sc.AsOf))
	}
	return s.inTx(ctx, "put forecast scores", func(tx *sql.Tx) error {
		err := each(ctx, tx, `DELETE FROM forecast_laws
			WHERE part = $1 AND depot_id = $2 AND as_of = $3 AND horizon_days = $4`, scores,
			func(sc presage.ScoredForecast) ([]any, error) {
				return []any{sc.Part, sc.DepotID, int64(presage.DayOf(sc.AsOf)), sc.HorizonDays}, nil
			})
		if err != nil {
			return err
		}
		err = each(ctx, tx, `INSERT INTO forecast_scores (part, depot_id, as_of, horizon_days, body)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (part, depot_id, as_of, horizon_days) DO UPDATE SET body = excluded.body`, scores,
			func(sc presage.ScoredForecast) ([]any, error) {
				body, err := encode(sc)
				return []any{sc.Part, sc.DepotID, int64(presage.DayOf(sc.AsOf)), sc.HorizonDays, body}, err
			})
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM forecast_scores WHERE as_of < $1`, int64(newest)-scoresKept)
		return err
	})
}

// EachForecastScore hands over scores by part, depot, day and horizon, one by
// one: two years of a large assortment are millions.
func (s *Store) EachForecastScore(
	ctx context.Context, f presage.ScoreFilter, each func(presage.ScoredForecast),
) error {
	q := choose(`SELECT body FROM forecast_scores`).
		is("part", f.Part).is("depot_id", f.DepotID).and("as_of >= ?", int64(f.Since)).
		order("part, depot_id, as_of, horizon_days", everything)
	_, err := chosen(ctx, s.r, func(r row) (struct{}, error) {
		score, err := scanDocument[presage.ScoredForecast](r)
		if err == nil {
			each(score)
		}
		return struct{}{}, err
	}, q)
	return wrap(err, "list forecast scores")
}
