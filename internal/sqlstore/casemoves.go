package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

// MoveCase moves a case from the event's state to its next and records the event,
// whose CaseID is set here and whose At becomes the case's UpdatedAt.
// ErrConflict: the case is not in from any more, may not move so, or had ended
// and its vehicle has another case that waits for a visit by now. ErrNotFound: there is no such case.
func (s *Store) MoveCase(
	ctx context.Context, caseID string, change presage.CaseChange, ev presage.CaseEvent,
) error {
	return s.inTx(ctx, "move case "+caseID, func(tx *sql.Tx) error {
		ev.CaseID = caseID
		return moveCase(ctx, tx, change, ev)
	})
}

// ChangeCase changes a case without moving it: a new timer, owner, or bundle.
// ErrNotFound if there is no such case.
func (s *Store) ChangeCase(ctx context.Context, caseID string, change presage.CaseChange, at time.Time) error {
	return s.inTx(ctx, "change case "+caseID, func(tx *sql.Tx) error {
		c, err := lockCase(ctx, tx, caseID)
		if err != nil {
			return err
		}
		return saveCase(ctx, tx, applied(c, change), at)
	})
}

// moveCase does one move inside a transaction. An empty ev.From stands for the
// state that the case is in.
func moveCase(ctx context.Context, tx *sql.Tx, change presage.CaseChange, ev presage.CaseEvent) error {
	c, err := lockCase(ctx, tx, ev.CaseID)
	if err != nil {
		return err
	}
	if ev.From == "" {
		ev.From = c.State
	}
	if c.State != ev.From {
		return fmt.Errorf("case %s: %w: it is %s, not %s, by now", c.ID, presage.ErrConflict, c.State, ev.From)
	}
	if !c.State.CanBecome(ev.To) {
		return fmt.Errorf("case %s: %w: a case that is %s cannot become %s", c.ID, presage.ErrConflict, c.State, ev.To)
	}
	if c.State.Ended() && !ev.To.Ended() {
		if err := onlyWaiting(ctx, tx, c.VIN); err != nil {
			return err
		}
	}
	c = applied(c, change)
	c.State, c.Route = ev.To, c.Route.In(ev.To)
	if c.State.Ended() {
		c.DueAt = time.Time{}
	}
	if err := saveCase(ctx, tx, c, ev.At); err != nil {
		return err
	}
	return moved(ctx, tx, c, ev)
}

// moved does what follows from a move: of coupons, calls and the conversation.
func moved(ctx context.Context, tx *sql.Tx, c presage.Case, ev presage.CaseEvent) error {
	if err := voidCoupons(ctx, tx, c, ev.At); err != nil {
		return err
	}
	return follow(ctx, tx, c, ev)
}

// follow does what follows from a case's new state, and notes it in the case's history.
func follow(ctx context.Context, tx *sql.Tx, c presage.Case, ev presage.CaseEvent) error {
	if err := followCalls(ctx, tx, c, ev); err != nil {
		return err
	}
	if err := followCase(ctx, tx, c, ev); err != nil {
		return err
	}
	if err := tellCase(ctx, tx, c, ev); err != nil {
		return err
	}
	return putCaseEvent(ctx, tx, ev)
}

// lockCase reads a case that nobody else can change until the transaction ends.
func lockCase(ctx context.Context, tx *sql.Tx, id string) (presage.Case, error) {
	c, err := one(ctx, tx, scanCase, `UPDATE cases SET state = state WHERE id = $1 RETURNING `+caseColumns, id)
	if errors.Is(err, sql.ErrNoRows) {
		return c, fmt.Errorf("case %q: %w", id, presage.ErrNotFound)
	}
	return c, err
}

func saveCase(ctx context.Context, tx *sql.Tx, c presage.Case, at time.Time) error {
	components, failWithin, alerted, err := caseTexts(c)
	if err != nil {
		return err
	}
	goodwill, err := encodeGoodwill(c.Goodwill)
	if err != nil {
		return err
	}
	where, err := siteText(c.Site)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE cases SET workshop_id = $2, components = $3, severity = $4, state = $5,
		route = $6, owner = $7, updated_at = $8, due_at = $9, visit_by = $10, fail_within = $11, decision = $12,
		alerted = $13, goodwill = $14, route_why = $15, site = $16
		WHERE id = $1`,
		c.ID, c.WorkshopID, components, c.Severity, c.State, c.Route, c.Owner, micros(at), micros(c.DueAt),
		micros(c.VisitBy), failWithin, string(c.Decision), alerted, goodwill, clean(c.RouteWhy.Stored()), where)
	return err
}

func encodeGoodwill(g *presage.Goodwill) (string, error) {
	if g == nil || g.Percent == 0 {
		return "", nil
	}
	return encode(g)
}

func applied(c presage.Case, ch presage.CaseChange) presage.Case {
	replace(&c.Owner, ch.Owner)
	replace(&c.WorkshopID, ch.WorkshopID)
	replace(&c.Route, ch.Route)
	replace(&c.Severity, ch.Severity)
	replace(&c.DueAt, ch.DueAt)
	replace(&c.VisitBy, ch.VisitBy)
	replace(&c.FailWithin, ch.FailWithin)
	if !ch.RouteWhy.IsZero() {
		c.RouteWhy = ch.RouteWhy
	}
	if ch.Components != nil {
		c.Components = ch.Components
	}
	if ch.Alerted != nil {
		c.Alerted = ch.Alerted
	}
	if ch.Goodwill != nil {
		c.Goodwill = ch.Goodwill
	}
	if ch.Site != nil {
		c.Site = ch.Site
	}
	if ch.Decision != nil {
		c.Decision = ch.Decision
	}
	return c
}

// replace stores v unless it is the zero value.
func replace[T comparable](to *T, v T) {
	var zero T
	if v != zero {
		*to = v
	}
}
