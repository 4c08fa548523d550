package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"presage"
)

const (
	watchColumns = `vin, rule, signal, code, phase, since, samples, fired_at, clear_since, cleared_at, at, value,
	stale, told`
	watchWidth = 14
	watchRows  = 500 // a statement: far below the parameter limits of both databases
)

// PutWatchStates inserts or replaces states by (VIN, rule, signal), all or
// nothing and in one statement for every 500 of them.
func (s *Store) PutWatchStates(ctx context.Context, states []presage.WatchState) error {
	if len(states) == 0 {
		return nil
	}
	return s.inTx(ctx, "put watch states", func(tx *sql.Tx) error { return putWatchStates(ctx, tx, states) })
}

func putWatchStates(ctx context.Context, tx *sql.Tx, states []presage.WatchState) error {
	for rows := range slices.Chunk(states, watchRows) {
		args := make([]any, 0, len(rows)*watchWidth)
		for _, x := range rows {
			args = append(args, x.VIN, x.Rule, x.Signal, clean(x.Code), string(x.Phase), micros(x.Since), x.Samples,
				micros(x.FiredAt), micros(x.ClearSince), micros(x.ClearedAt), micros(x.At), x.Value, x.Stale, x.Told)
		}
		if _, err := tx.ExecContext(ctx, watchUpsert(len(rows)), args...); err != nil {
			return err
		}
	}
	return nil
}

// watchUpsert is the statement for n rows.
func watchUpsert(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO watch_states (` + watchColumns + `) VALUES `)
	for row := range n {
		for col := range watchWidth {
			mark := ", "
			if col == 0 {
				if mark = "("; row > 0 {
					mark = ", ("
				}
			}
			fmt.Fprintf(&b, "%s$%d", mark, row*watchWidth+col+1)
		}
		b.WriteString(")")
	}
	b.WriteString(` ON CONFLICT (vin, rule, signal) DO UPDATE SET code = excluded.code, phase = excluded.phase,
		since = excluded.since, samples = excluded.samples, fired_at = excluded.fired_at,
		clear_since = excluded.clear_since, cleared_at = excluded.cleared_at, at = excluded.at, value = excluded.value,
		stale = excluded.stale, told = excluded.told`)
	return b.String()
}

// WatchStates lists every state that was put.
func (s *Store) WatchStates(ctx context.Context) ([]presage.WatchState, error) {
	states, err := all(ctx, s.r, scanWatchState, `SELECT `+watchColumns+` FROM watch_states ORDER BY vin, rule, signal`)
	return states, wrap(err, "list watch states")
}

// WatchFired lists states that have fired, those that stand first, then the
// newest first.
func (s *Store) WatchFired(ctx context.Context, f presage.AlertFilter) ([]presage.WatchState, error) {
	q := choose(`SELECT `+watchColumns+` FROM watch_states`).is("vin", string(f.VIN)).and("fired_at > ?", 0)
	if f.Firing {
		q.text.WriteString(` AND phase IN ('firing', 'clearing')`)
	}
	const over = "CASE WHEN phase IN ('firing', 'clearing') THEN 0 ELSE 1 END"
	if a := f.After; a != nil {
		rank := 0
		if !a.ClearedAt.IsZero() {
			rank = 1
		}
		r, at := q.arg(rank), q.arg(micros(a.FiredAt))
		q.text.WriteString(" AND (" + over + " > " + r + " OR (" + over + " = " + r + " AND (fired_at < " + at +
			" OR (fired_at = " + at + " AND (vin, rule, signal) > (" +
			q.arg(a.VIN) + ", " + q.arg(a.Rule) + ", " + q.arg(a.Signal) + ")))))")
	}
	states, err := chosen(ctx, s.r, scanWatchState,
		q.order(over+", fired_at DESC, vin, rule, signal", f.Limit))
	return states, wrap(err, "list alerts")
}

func scanWatchState(r row) (presage.WatchState, error) {
	var x presage.WatchState
	err := r.Scan(&x.VIN, &x.Rule, &x.Signal, &x.Code, &x.Phase, instant{&x.Since}, &x.Samples, instant{&x.FiredAt},
		instant{&x.ClearSince}, instant{&x.ClearedAt}, instant{&x.At}, &x.Value, &x.Stale, &x.Told)
	return x, err
}

// AmendCase changes a case that goes on and records why, without moving it; the
// event's From and To are set here. Repeating a change whose event (who and
// why) the case has already changes nothing. ErrConflict: the case has ended.
// ErrNotFound: there is no such case.
func (s *Store) AmendCase(ctx context.Context, caseID string, change presage.CaseChange, ev presage.CaseEvent) error {
	ev.CaseID = caseID
	return s.inTx(ctx, "amend case "+caseID, func(tx *sql.Tx) error { return amendCase(ctx, tx, change, ev) })
}

// amendCase is AmendCase inside a transaction, of the event's case.
func amendCase(ctx context.Context, tx *sql.Tx, change presage.CaseChange, ev presage.CaseEvent) error {
	c, err := lockCase(ctx, tx, ev.CaseID)
	if err != nil {
		return err
	}
	if c.State.Ended() {
		return fmt.Errorf("case %s: %w: it is %s by now", c.ID, presage.ErrConflict, c.State)
	}
	var known int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM case_events WHERE case_id = $1 AND who = $2 AND why = $3`,
		c.ID, ev.Who, clean(ev.Reason.Stored())).Scan(&known); err != nil || known > 0 {
		return err
	}
	if err := saveCase(ctx, tx, applied(c, change), ev.At); err != nil {
		return err
	}
	if change.Call != nil {
		if err := endCall(ctx, tx, c, *change.Call, ev.At); err != nil {
			return err
		}
	}
	ev.CaseID, ev.From, ev.To = c.ID, c.State, c.State
	if err := followCase(ctx, tx, applied(c, change), ev); err != nil {
		return err
	}
	return putCaseEvent(ctx, tx, ev)
}
