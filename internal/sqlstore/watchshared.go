package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"presage"
)

// StepWatchStates gives the stored states of vehicles to step and stores what it
// returns, all or nothing; nobody else changes them meanwhile. step may be called
// again, from the start. at is the present, for ChangedWatchStates.
func (s *Store) StepWatchStates(
	ctx context.Context, vins []presage.VIN, at time.Time, step func(stored []presage.WatchState) []presage.WatchState,
) error {
	vins = slices.Compact(slices.Sorted(slices.Values(vins)))
	return s.inTx(ctx, "step watch states", func(tx *sql.Tx) error {
		// In order, so that two who want the same vehicles wait and do not block each other.
		const lock = `INSERT INTO watch_vehicles (vin, changed_at) VALUES ($1, 0)
			ON CONFLICT (vin) DO UPDATE SET changed_at = watch_vehicles.changed_at`
		byVIN := func(vin presage.VIN) ([]any, error) { return []any{vin}, nil }
		if err := each(ctx, tx, lock, vins, byVIN); err != nil {
			return err
		}
		var stored []presage.WatchState
		for _, vin := range vins {
			states, err := all(ctx, tx, scanWatchState,
				`SELECT `+watchColumns+` FROM watch_states WHERE vin = $1 ORDER BY rule, signal`, vin)
			if err != nil {
				return err
			}
			stored = append(stored, states...)
		}
		changed := step(stored)
		if err := putWatchStates(ctx, tx, changed); err != nil {
			return err
		}
		touched := make([]presage.VIN, 0, len(changed))
		for _, x := range changed {
			touched = append(touched, x.VIN)
		}
		return each(ctx, tx, `UPDATE watch_vehicles SET changed_at = $2 WHERE vin = $1`,
			slices.Compact(slices.Sorted(slices.Values(touched))),
			func(vin presage.VIN) ([]any, error) { return []any{vin, micros(at)}, nil })
	})
}

// ChangedWatchStates are the states of vehicles of which StepWatchStates stored
// something at a time or later.
func (s *Store) ChangedWatchStates(ctx context.Context, since time.Time) ([]presage.WatchState, error) {
	states, err := all(ctx, s.r, scanWatchState, `SELECT `+watchColumns+` FROM watch_states
		WHERE vin IN (SELECT vin FROM watch_vehicles WHERE changed_at >= $1) ORDER BY vin, rule, signal`, micros(since))
	return states, wrap(err, "changed watch states")
}
