package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"presage"
)

const caseColumns = `id, vin, customer_id, workshop_id, components, severity, state, route, owner,
	opened_at, updated_at, due_at, visit_by, fail_within, decision, alerted, odometer_km, goodwill, route_why, site`

// CreateCase inserts a case with its first event. ErrConflict if the vehicle
// has another case that waits for a visit: open, offered or with an adviser.
func (s *Store) CreateCase(ctx context.Context, c presage.Case, ev presage.CaseEvent) error {
	return s.inTx(ctx, "create case "+c.ID+" for "+c.VIN.Masked(), func(tx *sql.Tx) error {
		return createCase(ctx, tx, c, ev)
	})
}

func createCase(ctx context.Context, tx *sql.Tx, c presage.Case, ev presage.CaseEvent) error {
	components, failWithin, alerted, err := caseTexts(c)
	if err != nil {
		return err
	}
	ev.CaseID, ev.To = c.ID, c.State
	if err := onlyWaiting(ctx, tx, c.VIN); err != nil {
		return err
	}
	where, err := siteText(c.Site)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO cases (`+caseColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '', $18, $19)`,
		c.ID, c.VIN, c.CustomerID, c.WorkshopID, components, c.Severity, c.State, c.Route, c.Owner,
		micros(c.OpenedAt), micros(c.UpdatedAt), micros(c.DueAt), micros(c.VisitBy), failWithin, string(c.Decision),
		alerted, float64(c.OdometerKm), clean(c.RouteWhy.Stored()), where)
	if err != nil {
		return err
	}
	return follow(ctx, tx, c, ev)
}

// caseTexts are the JSON columns of a case.
func caseTexts(c presage.Case) (components, failWithin, alerted string, err error) {
	components, errComponents := encode(c.Components)
	failWithin, errFail := encode(c.FailWithin)
	alerted, errAlerted := encode(c.Alerted)
	return components, failWithin, alerted, errors.Join(errComponents, errFail, errAlerted)
}

// Case returns the case, or ErrNotFound.
func (s *Store) Case(ctx context.Context, id string) (presage.Case, error) {
	c, err := one(ctx, s.r, scanCase, `SELECT `+caseColumns+` FROM cases WHERE id = $1`, id)
	return c, wrap(err, "case "+id)
}

// onlyWaiting: ErrConflict if the vehicle has a case that waits for a visit. The
// vehicle's row is locked first, so that two cannot be opened at the same time.
func onlyWaiting(ctx context.Context, tx *sql.Tx, vin presage.VIN) error {
	if _, err := tx.ExecContext(ctx, `UPDATE vehicles SET vin = vin WHERE vin = $1`, vin); err != nil {
		return err
	}
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM cases
		WHERE vin = $1 AND state IN ('open', 'offered', 'escalated')`, vin).Scan(&n)
	if err == nil && n > 0 {
		err = fmt.Errorf("%w: the vehicle has another case that waits for a visit", presage.ErrConflict)
	}
	return err
}

// Cases lists cases, the newest first.
func (s *Store) Cases(ctx context.Context, f presage.CaseFilter) ([]presage.Case, error) {
	q := choose(`SELECT `+caseColumns+` FROM cases`).
		is("state", string(f.State)).is("vin", string(f.VIN)).is("customer_id", f.CustomerID).
		is("workshop_id", f.WorkshopID).is("owner", f.Owner)
	if f.Query != "" {
		q.text.WriteString(` AND vin IN (SELECT vin FROM vehicles WHERE ` + q.vehicleLike(f.Query) + `)`)
	}
	if f.BeforeID != "" {
		q.and("(opened_at, id) < (SELECT b.opened_at, b.id FROM cases b WHERE b.id = ?)", f.BeforeID)
	}
	cs, err := chosen(ctx, s.r, scanCase, q.order("opened_at DESC, id DESC", f.Limit))
	return cs, wrap(err, "list cases")
}

// CasesIn lists all cases in any of the states, the newest first.
func (s *Store) CasesIn(ctx context.Context, states ...presage.CaseState) ([]presage.Case, error) {
	q := choose(`SELECT ` + caseColumns + ` FROM cases`)
	marks := make([]string, len(states))
	for i, state := range states {
		marks[i] = q.arg(state)
	}
	q.text.WriteString(` AND state IN (` + strings.Join(marks, ", ") + `)`)
	cs, err := chosen(ctx, s.r, scanCase, q.order("opened_at DESC, id DESC", everything))
	return cs, wrap(err, "list cases by state")
}

// LastCases lists up to limit (0 for all) cases of a vehicle, the newest first.
func (s *Store) LastCases(ctx context.Context, vin presage.VIN, limit int) ([]presage.Case, error) {
	return s.Cases(ctx, presage.CaseFilter{VIN: vin, Limit: limit})
}

// CasesDue lists up to limit (0 for all) cases whose DueAt is reached and
// that are not ended, the longest overdue first.
func (s *Store) CasesDue(ctx context.Context, now time.Time, limit int) ([]presage.Case, error) {
	q := choose(`SELECT `+caseColumns+` FROM cases`).and("due_at > 0 AND due_at <= ?", micros(now))
	q.text.WriteString(` AND state IN ('open', 'offered', 'booked', 'arrived', 'escalated')`)
	cs, err := chosen(ctx, s.r, scanCase, q.order("due_at, id", limit))
	return cs, wrap(err, "list cases due")
}

// CaseEvents lists what happened to a case, in order.
func (s *Store) CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error) {
	es, err := all(ctx, s.r, func(r row) (presage.CaseEvent, error) {
		var e presage.CaseEvent
		err := r.Scan(&e.CaseID, instant{&e.At}, &e.Who, &e.From, &e.To, why{&e.Reason})
		return e, err
	}, `SELECT case_id, at, who, from_state, to_state, why FROM case_events WHERE case_id = $1 ORDER BY n`, caseID)
	return es, wrap(err, "events of case "+caseID)
}

func putCaseEvent(ctx context.Context, tx *sql.Tx, e presage.CaseEvent) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO case_events (case_id, n, at, who, from_state, to_state, why)
		SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5, $6 FROM case_events WHERE case_id = $1`,
		e.CaseID, micros(e.At), e.Who, string(e.From), string(e.To), clean(e.Reason.Stored()))
	if err != nil {
		return fmt.Errorf("event of case %s: %w", e.CaseID, err)
	}
	return nil
}

func scanCase(r row) (presage.Case, error) {
	var c presage.Case
	var goodwill string
	err := r.Scan(&c.ID, &c.VIN, &c.CustomerID, &c.WorkshopID, document{&c.Components}, &c.Severity, &c.State,
		&c.Route, &c.Owner, instant{&c.OpenedAt}, instant{&c.UpdatedAt}, instant{&c.DueAt}, instant{&c.VisitBy},
		document{&c.FailWithin}, raw{&c.Decision}, document{&c.Alerted}, &c.OdometerKm, &goodwill, why{&c.RouteWhy},
		site{&c.Site})
	if err == nil && goodwill != "" {
		c.Goodwill = new(presage.Goodwill)
		err = json.Unmarshal([]byte(goodwill), c.Goodwill)
	}
	return c, err
}
