package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"presage"
)

// PutRecalls inserts or replaces recalls and takes in the cars that they concern,
// all or nothing. Cars that a new version leaves out are left out unless they are
// done or have a case.
func (s *Store) PutRecalls(ctx context.Context, rs []presage.Recall) error {
	return s.inTx(ctx, fmt.Sprintf("put %d recalls", len(rs)), func(tx *sql.Tx) error {
		for _, r := range rs {
			if err := putRecall(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func putRecall(ctx context.Context, tx *sql.Tx, r presage.Recall) error {
	body, err := encode(r)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO recalls (id, safety, closed, updated_at, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET safety = excluded.safety, closed = excluded.closed,
			updated_at = excluded.updated_at, body = excluded.body`,
		r.ID, flag(r.Safety), flag(r.Closed), micros(r.At), body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM recall_cars WHERE recall_id = $1 AND done_at = 0 AND case_id = ''`, r.ID)
	if err != nil {
		return err
	}
	if err := putRecallCars(ctx, tx, r.ID, r.VINs); err != nil {
		return err
	}
	return matchRecall(ctx, tx, r)
}

func putRecallCars(ctx context.Context, tx *sql.Tx, id string, vins []presage.VIN) error {
	return each(ctx, tx, `INSERT INTO recall_cars (recall_id, vin, case_id, done_at) VALUES ($1, $2, '', 0)
		ON CONFLICT (recall_id, vin) DO NOTHING`, vins, func(vin presage.VIN) ([]any, error) {
		return []any{id, vin}, nil
	})
}

// matchRecall takes in the known cars of a recall's ranges that it does not have yet.
func matchRecall(ctx context.Context, tx *sql.Tx, r presage.Recall) error {
	for _, x := range r.Ranges {
		q := choose(`SELECT `+vehicleColumns+` FROM vehicles`).
			and(`NOT EXISTS (SELECT 1 FROM recall_cars r WHERE r.recall_id = ? AND r.vin = vehicles.vin)`, r.ID)
		if x.VINPrefix != "" {
			q.and(`vin LIKE ?`, x.VINPrefix+"%")
		}
		if x.Make != "" {
			q.and(`LOWER(make) = LOWER(?)`, x.Make)
		}
		vs, err := chosen(ctx, tx, scanVehicle, q.order("vin", 0))
		if err != nil {
			return err
		}
		var vins []presage.VIN
		for _, v := range vs {
			if x.Contains(v) {
				vins = append(vins, v.VIN)
			}
		}
		if err := putRecallCars(ctx, tx, r.ID, vins); err != nil {
			return err
		}
	}
	return nil
}

// SettleRecalls takes in cars that came since, and notes as done what workshops
// have reported since.
func (s *Store) SettleRecalls(ctx context.Context, now time.Time) error {
	rs, err := all(ctx, s.r, scanDocument[presage.Recall], `SELECT body FROM recalls WHERE closed = 0 ORDER BY id`)
	if err != nil || len(rs) == 0 {
		return wrap(err, "list recalls")
	}
	return s.inTx(ctx, "settle recalls", func(tx *sql.Tx) error {
		for _, r := range rs {
			if err := matchRecall(ctx, tx, r); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE recall_cars AS r SET done_at = $1
			WHERE done_at = 0 AND `+recallReported, micros(now))
		return err
	})
}

// recallReported is true of a row r of recall_cars where a workshop reports the recall's work.
const recallReported = `EXISTS (SELECT 1 FROM labels l WHERE l.vin = r.vin AND l.component = 'recall:' || r.recall_id
	AND (l.replaced OR l.outcome IN ('confirmed', 'replaced_elsewhere')))`

// Recall returns the recall with an ID, or ErrNotFound.
func (s *Store) Recall(ctx context.Context, id string) (presage.Recall, error) {
	r, err := one(ctx, s.r, scanDocument[presage.Recall], `SELECT body FROM recalls WHERE id = $1`, id)
	return r, wrap(err, "recall "+id)
}

// recallState is the state of a row r of recall_cars beside its case c.
const recallState = `CASE WHEN r.done_at > 0 OR ` + recallReported + ` THEN 'done'
	WHEN c.state IN ('booked', 'arrived') THEN 'booked'
	WHEN c.state IN ('offered', 'declined', 'expired', 'escalated', 'done', 'resolved_elsewhere') THEN 'told'
	ELSE 'open' END`

// Recalls lists recalls with their progress, by ID, after one of them.
func (s *Store) Recalls(ctx context.Context, after string, limit int) ([]presage.RecallProgress, error) {
	q := choose(`SELECT body FROM recalls`)
	if after != "" {
		q.and("id > ?", after)
	}
	rs, err := chosen(ctx, s.r, scanDocument[presage.Recall], q.order("id", limit))
	if err != nil {
		return nil, wrap(err, "list recalls")
	}
	out := make([]presage.RecallProgress, 0, len(rs))
	for _, r := range rs {
		p, err := s.recallProgress(ctx, r)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func (s *Store) recallProgress(ctx context.Context, r presage.Recall) (presage.RecallProgress, error) {
	p := presage.RecallProgress{Recall: r}
	_, err := all(ctx, s.r, func(x row) (struct{}, error) {
		var state presage.RecallState
		var n int
		err := x.Scan(&state, &n)
		switch p.Cars += n; state {
		case presage.RecallOpen:
			p.Open = n
		case presage.RecallTold:
			p.Told = n
		case presage.RecallBooked:
			p.Booked = n
		case presage.RecallDone:
			p.Done = n
		}
		return struct{}{}, err
	}, `SELECT state, COUNT(*) FROM (SELECT `+recallState+` AS state
		FROM recall_cars r LEFT JOIN cases c ON c.id = r.case_id WHERE r.recall_id = $1) x GROUP BY state`, r.ID)
	return p, wrap(err, "progress of recall "+r.ID)
}

// RecallCars lists cars of recalls by VIN and recall.
func (s *Store) RecallCars(ctx context.Context, f presage.RecallCarFilter) ([]presage.RecallCar, error) {
	q := choose(`SELECT recall_id, vin, state, case_id, done_at, known
		FROM (SELECT r.recall_id, r.vin, `+recallState+` AS state,
		r.case_id, r.done_at, v.vin IS NOT NULL AS known FROM recall_cars r LEFT JOIN cases c ON c.id = r.case_id
		LEFT JOIN vehicles v ON v.vin = r.vin) x`).
		is("recall_id", f.Recall).is("vin", string(f.VIN)).is("state", string(f.State))
	if f.After != "" {
		q.and("vin > ?", f.After)
	}
	cars, err := chosen(ctx, s.r, func(r row) (presage.RecallCar, error) {
		var c presage.RecallCar
		err := r.Scan(&c.Recall, &c.VIN, &c.State, &c.CaseID, instant{&c.DoneAt}, &c.Known)
		return c, err
	}, q.order("vin, recall_id", f.Limit))
	return cars, wrap(err, "list cars of recalls")
}

// RecallsDue lists the cars that are to be asked in for recalls that are not closed:
// not done, known, and with somebody who answers for them.
func (s *Store) RecallsDue(ctx context.Context) ([]presage.RecallCar, error) {
	cars, err := all(ctx, s.r, func(r row) (presage.RecallCar, error) {
		c := presage.RecallCar{Known: true}
		err := r.Scan(&c.Recall, &c.VIN, &c.CaseID)
		return c, err
	}, `SELECT r.recall_id, r.vin, r.case_id FROM recall_cars r JOIN recalls k ON k.id = r.recall_id
		JOIN vehicles v ON v.vin = r.vin AND v.customer_id <> '' AND v.workshop_id <> ''
		WHERE r.done_at = 0 AND k.closed = 0 ORDER BY k.safety DESC, r.vin, r.recall_id`)
	return cars, wrap(err, "cars of recalls")
}

// TakeRecall notes which case a car's recall is in.
func (s *Store) TakeRecall(ctx context.Context, id string, vin presage.VIN, caseID string) error {
	return s.inTx(ctx, "recall "+id+" of "+vin.Masked(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE recall_cars SET case_id = $3
			WHERE recall_id = $1 AND vin = $2`, id, vin, caseID)
		return err
	})
}

// RecallDone notes that cars were done, elsewhere or before, and returns how many
// of them the recall concerns.
func (s *Store) RecallDone(ctx context.Context, id string, vins []presage.VIN, at time.Time) (n int, err error) {
	err = s.inTx(ctx, "cars of recall "+id+" done", func(tx *sql.Tx) error {
		for _, vin := range slices.Sorted(slices.Values(vins)) {
			k, err := affected(tx.ExecContext(ctx, `UPDATE recall_cars SET done_at =
				CASE WHEN done_at = 0 THEN CAST($3 AS BIGINT) ELSE done_at END
				WHERE recall_id = $1 AND vin = $2`, id, vin, micros(at)))
			if err != nil {
				return err
			}
			n += int(k)
		}
		return nil
	})
	return n, err
}
