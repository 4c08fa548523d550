package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"presage"
)

// pointsKept is for how many days what a week's plan said is kept: the longest horizon, and
// the weeks in which nobody planned.
const pointsKept = 400

// PutPlanPoints keeps what the plan of a day said, in the place of what was kept of that day,
// and drops what is older than 400 days.
func (s *Store) PutPlanPoints(ctx context.Context, day presage.Day, points []presage.PlanPoint) error {
	rows := make([][]any, len(points)) // before the transaction: encoding would keep other writers waiting
	for i, p := range points {
		body, err := encode(p)
		if err != nil {
			return wrap(err, "put plan points")
		}
		rows[i] = []any{int64(day), p.Part, p.DepotID, body}
	}
	return s.inTx(ctx, "put plan points", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM plan_points WHERE as_of = $1 OR as_of < $2`, int64(day),
			int64(day)-pointsKept)
		if err != nil {
			return err
		}
		return each(ctx, tx, `INSERT INTO plan_points (as_of, part, depot_id, body) VALUES ($1, $2, $3, $4)`, rows,
			func(a []any) ([]any, error) { return a, nil })
	})
}

// PlanWeeks lists the days of which points are kept, the oldest first.
func (s *Store) PlanWeeks(ctx context.Context) ([]presage.Day, error) {
	days, err := all(ctx, s.r, scanDay, `SELECT DISTINCT as_of FROM plan_points ORDER BY as_of`)
	return days, wrap(err, "list weeks planned")
}

func scanDay(r row) (day presage.Day, err error) {
	err = r.Scan(&day)
	return day, err
}

// PlanPoints lists the points of a day by part and depot; an empty depot is all of them.
func (s *Store) PlanPoints(ctx context.Context, day presage.Day, depot string) ([]presage.PlanPoint, error) {
	q := choose(`SELECT body FROM plan_points`).and("as_of = ?", int64(day)).is("depot_id", depot).
		order("part, depot_id", everything)
	ps, err := chosen(ctx, s.r, scanDocument[presage.PlanPoint], q)
	return ps, wrap(err, "list plan points")
}

// PutPlanScores keeps scores, in the place of those of the same name, and drops those of
// forecasts made two years before the newest of them.
func (s *Store) PutPlanScores(ctx context.Context, scores []presage.PlanScore) error {
	var newest presage.Day
	for _, x := range scores {
		newest = max(newest, x.AsOf)
	}
	return s.inTx(ctx, "put plan scores", func(tx *sql.Tx) error {
		err := each(ctx, tx, `INSERT INTO plan_scores (as_of, days, depot_id, class, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (as_of, days, depot_id, class) DO UPDATE SET body = excluded.body`, scores,
			func(x presage.PlanScore) ([]any, error) {
				body, err := encode(x)
				return []any{int64(x.AsOf), x.Days, x.DepotID, x.Class, body}, err
			})
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM plan_scores WHERE as_of < $1`, int64(newest)-scoresKept)
		return err
	})
}

// PlanScores lists the scores of forecasts made on the day or later; an empty depot is all of them.
func (s *Store) PlanScores(ctx context.Context, since presage.Day, depot string) ([]presage.PlanScore, error) {
	q := choose(`SELECT body FROM plan_scores`).and("as_of >= ?", int64(since)).is("depot_id", depot).
		order("as_of, days, depot_id, class", everything)
	xs, err := chosen(ctx, s.r, scanDocument[presage.PlanScore], q)
	return xs, wrap(err, "list plan scores")
}

// Moved sums up what was used and received at each shelf from one moment until the other, by
// depot and part; shelves where neither happened are left out.
func (s *Store) Moved(ctx context.Context, from, to time.Time) ([]presage.PartMoved, error) {
	ms, err := all(ctx, s.r, func(r row) (m presage.PartMoved, err error) {
		err = r.Scan(&m.DepotID, &m.Part, &m.Used, &m.Received)
		return m, err
	}, `SELECT depot_id, part, CAST(SUM(CASE WHEN kind = 'receipt' THEN 0 ELSE -pieces END) AS BIGINT),
			CAST(SUM(CASE WHEN kind = 'receipt' THEN pieces ELSE 0 END) AS BIGINT)
		FROM stock_movements WHERE recorded_at >= $1 AND recorded_at < $2 AND kind IN ('receipt', 'use', 'unuse')
		GROUP BY depot_id, part ORDER BY depot_id, part`, micros(from), micros(to))
	return ms, wrap(err, "sum up stock movements")
}

const adviceColumns = `id, part, depot_id, verdict, advised, chosen, position, span_days, unit_price, currency, author,
	why, at`

// putDecisions numbers and keeps what a planner decided.
func putDecisions(ctx context.Context, tx *sql.Tx, ds []presage.AdviceDecision) error {
	if len(ds) == 0 {
		return nil
	}
	first, err := next(ctx, tx, "advice_decisions", len(ds))
	if err != nil {
		return err
	}
	i := int64(-1)
	return each(ctx, tx, `INSERT INTO advice_decisions (`+adviceColumns+`, ends_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, ds,
		func(d presage.AdviceDecision) ([]any, error) {
			i++
			ends := presage.DayOf(d.At) + presage.Day(d.SpanDays)
			return []any{
				first + i, d.Part, d.DepotID, d.Verdict, d.Advised, d.Chosen, d.Position, d.SpanDays, d.UnitPrice.Minor,
				d.UnitPrice.Currency, clean(d.By), clean(d.Why), micros(d.At), int64(ends),
			}, nil
		})
}

// AdviceDecisions lists what planners decided, the newest first. Where f.Over is given: only
// overrides whose span is over by that day, with what was used of the part within it.
func (s *Store) AdviceDecisions(ctx context.Context, f presage.AdviceFilter) ([]presage.AdviceDecision, error) {
	actual := `0`
	if f.Over != 0 {
		actual = `(SELECT CAST(COALESCE(SUM(u.quantity), 0) AS BIGINT) FROM part_use u WHERE u.depot_id = d.depot_id
			AND u.part = d.part AND u.day >= d.ends_on - d.span_days AND u.day < d.ends_on)`
	}
	q := choose(`SELECT `+adviceColumns+`, `+actual+` FROM advice_decisions d`).
		is("depot_id", f.DepotID).is("part", f.Part)
	if !f.Since.IsZero() {
		q.and("at >= ?", micros(f.Since))
	}
	if f.After > 0 {
		q.and("id < ?", f.After)
	}
	if f.Over != 0 {
		q.and("ends_on <= ? AND verdict = 'override'", int64(f.Over))
	}
	ds, err := chosen(ctx, s.r, func(r row) (d presage.AdviceDecision, err error) {
		err = r.Scan(&d.ID, &d.Part, &d.DepotID, &d.Verdict, &d.Advised, &d.Chosen, &d.Position, &d.SpanDays,
			&d.UnitPrice.Minor, &d.UnitPrice.Currency, &d.By, &d.Why, instant{&d.At}, &d.Actual)
		d.Over = f.Over != 0
		return d, err
	}, q.order("id DESC", f.Limit))
	return ds, wrap(err, "list advice decisions")
}
