package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"presage"
)

const rescueColumns = `body, place, customer_id, workshop_id, state, opened_at, updated_at`

// CreateRescue keeps a new rescue with its first event. ErrConflict when the car has
// one that is live, or this one is known.
func (s *Store) CreateRescue(ctx context.Context, r presage.Rescue, ev presage.RescueEvent) error {
	return s.inTx(ctx, "create rescue of "+r.VIN.Masked(), func(tx *sql.Tx) error {
		body, place, err := rescueTexts(r)
		if err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `INSERT INTO rescues (id, case_id, vin, `+rescueColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
			r.ID, r.CaseID, r.VIN, body, place, r.CustomerID, r.WorkshopID, r.State, micros(r.OpenedAt), micros(r.UpdatedAt)))
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%w: the car has a rescue that goes on", presage.ErrConflict)
		}
		ev.RescueID = r.ID
		if err := putRescueEvent(ctx, tx, ev); err != nil {
			return err
		}
		return tellRescue(ctx, tx, presage.RescueWasAsked, r, ev)
	})
}

// rescueTexts are the JSON columns of a rescue. Whose it is and where it was are not in
// the body: customers are merged and forgotten.
func rescueTexts(r presage.Rescue) (body, place string, err error) {
	if r.Place != nil {
		if place, err = encode(r.Place); err != nil {
			return "", "", err
		}
	}
	r.CustomerID, r.Place = "", nil
	body, err = encode(r)
	return body, place, err
}

func putRescueEvent(ctx context.Context, tx *sql.Tx, ev presage.RescueEvent) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO rescue_events (rescue_id, n, at, who, from_state, to_state, why)
		VALUES ($1, (SELECT COUNT(*) FROM rescue_events WHERE rescue_id = $1), $2, $3, $4, $5, $6)`,
		ev.RescueID, micros(ev.At), clean(ev.Who), ev.From, ev.To, clean(ev.Reason.Stored()))
	return err
}

// MoveRescue compares and sets a rescue, notes the event and changes the case, all or
// nothing. ErrConflict when the rescue has changed since it was seen.
func (s *Store) MoveRescue(ctx context.Context, x presage.RescueMove) error {
	return s.inTx(ctx, "move rescue "+x.Rescue.ID, func(tx *sql.Tx) error {
		body, _, err := rescueTexts(x.Rescue)
		if err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `UPDATE rescues SET body = $2, workshop_id = $3, state = $4, updated_at = $5
			WHERE id = $1 AND state = $6 AND updated_at = $7`,
			x.Rescue.ID, body, x.Rescue.WorkshopID, x.Rescue.State, micros(x.Rescue.UpdatedAt), x.Seen, micros(x.SeenAt)))
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%w: it is not %s any more, or somebody else was faster", presage.ErrConflict, x.Seen)
		}
		x.Event.RescueID = x.Rescue.ID
		if err := putRescueEvent(ctx, tx, x.Event); err != nil {
			return err
		}
		if x.Place != nil {
			if err := placeRescue(ctx, tx, x); err != nil {
				return err
			}
		}
		if err := each(ctx, tx, messageInsert, x.Messages, messageArgs); err != nil {
			return err
		}
		if x.Rescue.State != x.Seen || x.Place != nil {
			if err := tellRescue(ctx, tx, presage.RescueChanged, x.Rescue, x.Event); err != nil {
				return err
			}
		}
		return rescuedCase(ctx, tx, x)
	})
}

// rescuedCase is what a move of a rescue changes of its case.
func rescuedCase(ctx context.Context, tx *sql.Tx, x presage.RescueMove) error {
	if x.Case == nil {
		return nil
	}
	ev := *x.Case
	ev.CaseID = x.Rescue.CaseID
	if ev.To != "" {
		return moveCase(ctx, tx, x.Change, ev)
	}
	return amendCase(ctx, tx, x.Change, ev)
}

// placeRescue keeps where a car was moved to. Where the car of somebody forgotten is, stays
// unknown.
func placeRescue(ctx context.Context, tx *sql.Tx, x presage.RescueMove) error {
	place, err := encode(x.Place)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE rescues SET place = $2 WHERE id = $1 AND customer_id = $3`,
		x.Rescue.ID, place, x.Rescue.CustomerID)
	return err
}

// Rescue returns the rescue with an ID, or ErrNotFound.
func (s *Store) Rescue(ctx context.Context, id string) (presage.Rescue, error) {
	r, err := one(ctx, s.r, scanRescue, `SELECT `+rescueColumns+` FROM rescues WHERE id = $1`, id)
	return r, wrap(err, "rescue "+id)
}

func scanRescue(r row) (presage.Rescue, error) {
	var x, head presage.Rescue
	var place string
	err := r.Scan(document{&x}, &place, &head.CustomerID, &head.WorkshopID, &head.State, instant{&head.OpenedAt},
		instant{&head.UpdatedAt})
	x.CustomerID, x.WorkshopID, x.State = head.CustomerID, head.WorkshopID, head.State
	x.OpenedAt, x.UpdatedAt = head.OpenedAt, head.UpdatedAt
	if err == nil && place != "" {
		err = json.Unmarshal([]byte(place), &x.Place)
	}
	return x, err
}

// Rescues lists rescues, the newest first.
func (s *Store) Rescues(ctx context.Context, f presage.RescueFilter) ([]presage.Rescue, error) {
	q := choose(`SELECT `+rescueColumns+` FROM rescues`).is("state", string(f.State)).is("vin", string(f.VIN)).
		is("case_id", f.CaseID).is("workshop_id", f.WorkshopID)
	if f.Live {
		q.text.WriteString(` AND state IN ('asked', 'on_the_way', 'arrived')`)
	}
	if f.BeforeID != "" {
		q.and("(opened_at, id) < (SELECT b.opened_at, b.id FROM rescues b WHERE b.id = ?)", f.BeforeID)
	}
	rs, err := chosen(ctx, s.r, scanRescue, q.order("opened_at DESC, id DESC", f.Limit))
	return rs, wrap(err, "list rescues")
}

// RescueEvents lists the history of a rescue, the oldest first.
func (s *Store) RescueEvents(ctx context.Context, id string) ([]presage.RescueEvent, error) {
	evs, err := all(ctx, s.r, func(r row) (presage.RescueEvent, error) {
		var e presage.RescueEvent
		err := r.Scan(&e.RescueID, instant{&e.At}, &e.Who, &e.From, &e.To, why{&e.Reason})
		return e, err
	}, `SELECT rescue_id, at, who, from_state, to_state, why FROM rescue_events WHERE rescue_id = $1 ORDER BY n`, id)
	return evs, wrap(err, "history of rescue "+id)
}
