package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

const rolloutColumns = `body, state, ring, since, why, author, saved_at`

// PutRollout inserts a roll-out or replaces a draft. ErrConflict when it has been started.
func (s *Store) PutRollout(ctx context.Context, r presage.Rollout) error {
	return s.inTx(ctx, "put roll-out "+r.ID, func(tx *sql.Tx) error {
		body, err := encode(r)
		if err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `INSERT INTO rollouts (id, component, `+rolloutColumns+`)
			VALUES ($1, $2, $3, 'draft', 0, $4, '', $5, $4)
			ON CONFLICT (id) DO UPDATE SET component = excluded.component, body = excluded.body, author = excluded.author,
				since = excluded.since, saved_at = excluded.saved_at WHERE rollouts.state = 'draft'`,
			r.ID, r.Component, body, micros(r.SavedAt), clean(r.By)))
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: it has been started; register another one", presage.ErrConflict)
		}
		return err
	})
}

// Rollout returns the roll-out with an ID, or ErrNotFound.
func (s *Store) Rollout(ctx context.Context, id string) (presage.Rollout, error) {
	r, err := one(ctx, s.r, scanRollout, `SELECT `+rolloutColumns+` FROM rollouts WHERE id = $1`, id)
	return r, wrap(err, "roll-out "+id)
}

func scanRollout(r row) (presage.Rollout, error) {
	var x, head presage.Rollout
	err := r.Scan(document{&x}, &head.State, &head.Ring, instant{&head.Since}, why{&head.Reason}, &head.By,
		instant{&head.SavedAt})
	x.State, x.Ring, x.Since = head.State, head.Ring, head.Since
	x.Reason, x.By, x.SavedAt = head.Reason, head.By, head.SavedAt
	return x, err
}

// LiveRollouts lists those that cars get now, by ID.
func (s *Store) LiveRollouts(ctx context.Context) ([]presage.Rollout, error) {
	rs, err := all(ctx, s.r, scanRollout,
		`SELECT `+rolloutColumns+` FROM rollouts WHERE state IN ('running', 'done') ORDER BY id`)
	return rs, wrap(err, "live roll-outs")
}

// MoveRollout compares and sets state and ring; ErrConflict when they are others by now.
func (s *Store) MoveRollout(ctx context.Context, x presage.RolloutStep) error {
	return s.inTx(ctx, "move roll-out "+x.ID, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE rollouts SET state = $2, ring = $3, since = $4, why = $5, author = $6
			WHERE id = $1 AND state = $7 AND ring = $8`,
			x.ID, x.To, x.Ring, micros(x.At), clean(x.Reason.Stored()), clean(x.By), x.Seen, x.SeenRing))
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: it is not %s in ring %d any more", presage.ErrConflict, x.Seen, x.SeenRing+1)
		}
		return err
	})
}

// Rollouts lists roll-outs with their cars by state, by ID, after one of them.
func (s *Store) Rollouts(ctx context.Context, after string, limit int) ([]presage.RolloutProgress, error) {
	q := choose(`SELECT ` + rolloutColumns + ` FROM rollouts`)
	if after != "" {
		q.and("id > ?", after)
	}
	rs, err := chosen(ctx, s.r, scanRollout, q.order("id", limit))
	if err != nil {
		return nil, wrap(err, "list roll-outs")
	}
	out := make([]presage.RolloutProgress, len(rs))
	for i, r := range rs {
		out[i].Rollout = r
		if err := s.countRollout(ctx, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// carState is the state of a row r of rollout_cars beside its command c.
const carState = `CASE WHEN r.state = 'sent' AND c.done_at > 0 THEN 'received' ELSE r.state END`

const carTables = ` FROM rollout_cars r LEFT JOIN commands c ON c.vin = r.vin AND c.id = r.command_id`

func (s *Store) countRollout(ctx context.Context, p *presage.RolloutProgress) error {
	to := map[presage.RolloutCarState]*int{
		presage.CarWaiting: &p.Count.Waiting, presage.CarSent: &p.Count.Sent, presage.CarReceived: &p.Count.Received,
		presage.CarInstalled: &p.Count.Installed, presage.CarFailed: &p.Count.Failed, presage.CarExpired: &p.Count.Expired,
	}
	_, err := all(ctx, s.r, func(x row) (struct{}, error) {
		var state presage.RolloutCarState
		var n int
		err := x.Scan(&state, &n)
		p.Cars += n
		if at := to[state]; at != nil {
			*at = n
		}
		return struct{}{}, err
	}, `SELECT state, COUNT(*) FROM (SELECT `+carState+` AS state`+carTables+`
		WHERE r.rollout_id = $1) x GROUP BY state`, p.ID)
	return wrap(err, "progress of roll-out "+p.ID)
}

// RolloutCars lists cars of roll-outs by VIN and roll-out.
func (s *Store) RolloutCars(ctx context.Context, f presage.RolloutCarFilter) ([]presage.RolloutCar, error) {
	q := choose(`SELECT rollout_id, vin, state, command_id, sent_at, expires_at, answered_at, note FROM (
		SELECT r.rollout_id, r.vin, `+carState+` AS state, r.command_id, r.sent_at, r.expires_at, r.answered_at,
		r.note`+carTables+`) x`).
		is("rollout_id", f.Rollout).is("vin", string(f.VIN)).is("state", string(f.State))
	if f.After != "" {
		q.and("vin > ?", f.After)
	}
	cars, err := chosen(ctx, s.r, func(r row) (presage.RolloutCar, error) {
		var c presage.RolloutCar
		err := r.Scan(&c.Rollout, &c.VIN, &c.State, &c.CommandID, instant{&c.SentAt}, instant{&c.ExpiresAt},
			instant{&c.AnsweredAt}, &c.Note)
		return c, err
	}, q.order("vin, rollout_id", f.Limit))
	return cars, wrap(err, "list cars of roll-outs")
}

// JoinRollout takes in the known cars that run a version which the roll-out replaces.
func (s *Store) JoinRollout(ctx context.Context, r presage.Rollout) error {
	for _, from := range r.From {
		cars, err := all(ctx, s.r, scanVehicle, `SELECT `+vehicleColumns+` FROM vehicles
			WHERE vin IN (SELECT vin FROM vehicle_software WHERE version = $1)
			AND NOT EXISTS (SELECT 1 FROM rollout_cars r WHERE r.rollout_id = $2 AND r.vin = vehicles.vin)`, from, r.ID)
		if err != nil {
			return wrap(err, "cars of roll-out "+r.ID)
		}
		var vins []presage.VIN
		for _, c := range cars {
			if r.Serves(c, from) {
				vins = append(vins, c.VIN)
			}
		}
		err = put(s, `INSERT INTO rollout_cars
			(rollout_id, vin, bucket, state, command_id, sent_at, expires_at, answered_at, note)
			VALUES ($1, $2, $3, 'waiting', 0, 0, 0, 0, '') ON CONFLICT DO NOTHING`, vins,
			func(vin presage.VIN) ([]any, error) { return []any{r.ID, vin, presage.RolloutBucket(r.ID, vin)}, nil },
		)(ctx, "take cars into roll-out "+r.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// RolloutTurn lists up to limit cars of the served ring that wait for their command,
// in the order of the roll-out.
func (s *Store) RolloutTurn(ctx context.Context, r presage.Rollout, limit int) ([]presage.VIN, error) {
	vins, err := all(ctx, s.r, func(x row) (presage.VIN, error) {
		vin, err := scanString(x)
		return presage.VIN(vin), err
	}, `SELECT r.vin FROM rollout_cars r WHERE r.rollout_id = $1 AND r.state = 'waiting' AND r.bucket < $2
		ORDER BY r.bucket, r.vin LIMIT $3 + 0`, r.ID, r.Bound(), limit)
	return vins, wrap(err, "turn of roll-out "+r.ID)
}

// SendRollout puts the command of a car that waits, and notes it, all or nothing.
// ErrConflict when the car does not wait any more, the roll-out is not live, or too
// many commands wait for the car; ErrNotFound when nobody knows the car.
func (s *Store) SendRollout(ctx context.Context, id string, c presage.Command) (presage.Command, error) {
	if err := c.Validate(); err != nil {
		return c, err
	}
	err := s.inTx(ctx, "send roll-out "+id+" to "+c.VIN.Masked(), func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE rollout_cars SET state = 'sent', sent_at = $3, expires_at = $4
			WHERE rollout_id = $1 AND vin = $2 AND state = 'waiting'
			AND EXISTS (SELECT 1 FROM rollouts o WHERE o.id = $1 AND o.state IN ('running', 'done'))`,
			id, c.VIN, micros(c.CreatedAt), micros(c.ExpiresAt)))
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%w: the car does not wait for it", presage.ErrConflict)
		}
		if c, err = putCommand(ctx, tx, c); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE rollout_cars SET command_id = $3 WHERE rollout_id = $1 AND vin = $2`,
			id, c.VIN, c.ID)
		return err
	})
	return c, err
}

// ExpireRollout ends the wait for cars that have not answered in time.
func (s *Store) ExpireRollout(ctx context.Context, id string, now time.Time) error {
	_, err := s.w.ExecContext(ctx, `UPDATE rollout_cars SET state = 'expired'
		WHERE rollout_id = $1 AND state = 'sent' AND expires_at <= $2`, id, micros(now))
	return wrap(err, "expire cars of roll-out "+id)
}

// RolloutRing counts the cars of the served ring; lately is since the roll-out was
// last put into its state.
func (s *Store) RolloutRing(ctx context.Context, r presage.Rollout) (presage.RolloutRing, error) {
	x, err := one(ctx, s.r, func(x row) (presage.RolloutRing, error) {
		var c presage.RolloutRing
		err := x.Scan(&c.All, &c.Cars, &c.Installed, &c.Failed, &c.Lately, &c.LateFails)
		return c, err
	}, `SELECT COUNT(*), `+countIf(`bucket < $2`)+`, `+countIf(`bucket < $2 AND state = 'installed'`)+`,
		`+countIf(`bucket < $2 AND state = 'failed'`)+`,
		`+countIf(`bucket < $2 AND state IN ('installed', 'failed') AND answered_at >= $3`)+`,
		`+countIf(`bucket < $2 AND state = 'failed' AND answered_at >= $3`)+`
		FROM rollout_cars WHERE rollout_id = $1`, r.ID, r.Bound(), micros(r.Since))
	return x, wrap(err, "ring of roll-out "+r.ID)
}

func countIf(condition string) string {
	return `COALESCE(SUM(CASE WHEN ` + condition + ` THEN 1 ELSE 0 END), 0)`
}

// SoftwareOf is the version that a car said it runs; "" when it has not said.
func (s *Store) SoftwareOf(ctx context.Context, vin presage.VIN) (string, error) {
	v, err := one(ctx, s.r, scanString, `SELECT version FROM vehicle_software WHERE vin = $1`, vin)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, wrap(err, "software of "+vin.Masked())
}

// CasesOverAir lists the cases that wait to be mended over the air, the newest first.
func (s *Store) CasesOverAir(ctx context.Context) ([]presage.Case, error) {
	q := choose(`SELECT `+caseColumns+` FROM cases`).is("route", string(presage.RouteOTA)).
		in("state", []string{string(presage.CaseOpen), string(presage.CaseEscalated)})
	cs, err := chosen(ctx, s.r, scanCase, q.order("opened_at DESC, id DESC", 0))
	return cs, wrap(err, "list cases over the air")
}

// CasesForRollouts lists cases that are open or with a person, for a workshop or a van, of
// cars that a live roll-out is still to reach, the newest first.
func (s *Store) CasesForRollouts(ctx context.Context) ([]presage.Case, error) {
	cs, err := all(ctx, s.r, scanCase, `SELECT `+caseColumns+` FROM cases
		WHERE state IN ('open', 'escalated') AND route IN ('workshop', 'mobile') AND vin IN (SELECT c.vin FROM rollout_cars c
			JOIN rollouts o ON o.id = c.rollout_id WHERE o.state IN ('running', 'done') AND c.state IN ('waiting', 'sent'))
		ORDER BY opened_at DESC, id DESC`)
	return cs, wrap(err, "list cases of roll-outs")
}

// RouteFigures counts the cases that were opened within a time, by route.
func (s *Store) RouteFigures(ctx context.Context, from, to time.Time) ([]presage.RouteFigure, error) {
	fs, err := all(ctx, s.r, func(x row) (presage.RouteFigure, error) {
		var f presage.RouteFigure
		err := x.Scan(&f.Route, &f.Cases, &f.Mended)
		return f, err
	}, `SELECT route, COUNT(*), SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END) FROM cases
		WHERE opened_at >= $1 AND opened_at < $2 AND state NOT IN ('withheld', 'superseded')
		GROUP BY route ORDER BY route`, micros(from), micros(to))
	return fs, wrap(err, "figures of routes")
}
