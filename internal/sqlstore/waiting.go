package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

const (
	waitingSelect = `SELECT w.case_id, w.customer_id, w.workshop_id, w.since, w.visit_at, w.who,
		COALESCE(b.id, ''), COALESCE(b.start_at, 0), c.severity
		FROM waiting_list w JOIN cases c ON c.id = w.case_id
		LEFT JOIN bookings b ON b.case_id = w.case_id AND b.state = 'confirmed'`
	freedColumns = `id, case_id, workshop_id, booking_id, start_at, end_at, offered_at, expires_at`
)

// PutWaiting puts a case on the waiting list and notes it in the case's history, which
// moves nowhere; a case that waits already goes on waiting since then.
func (s *Store) PutWaiting(ctx context.Context, w presage.Waiting, ev presage.CaseEvent) error {
	return s.inTx(ctx, "waiting list: case "+w.CaseID, func(tx *sql.Tx) error {
		c, err := lockCase(ctx, tx, w.CaseID)
		if err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `INSERT INTO waiting_list
			(case_id, customer_id, workshop_id, since, visit_at, who)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (case_id) DO NOTHING`,
			w.CaseID, w.CustomerID, w.WorkshopID, micros(w.Since), micros(w.VisitAt), w.Who))
		if err != nil || n == 0 {
			return err
		}
		ev.CaseID, ev.From, ev.To = c.ID, c.State, c.State
		return putCaseEvent(ctx, tx, ev)
	})
}

// EndWaiting takes a case off the list. ErrNotFound when it is not on it.
func (s *Store) EndWaiting(ctx context.Context, ev presage.CaseEvent) error {
	return s.inTx(ctx, "waiting list: case "+ev.CaseID, func(tx *sql.Tx) error {
		c, err := lockCase(ctx, tx, ev.CaseID)
		if err != nil {
			return err
		}
		err = changed(tx.ExecContext(ctx, `DELETE FROM waiting_list WHERE case_id = $1`, c.ID))
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("case %s: %w: it is not on the waiting list", c.ID, presage.ErrNotFound)
		}
		if err != nil {
			return err
		}
		ev.From, ev.To = c.State, c.State
		return putCaseEvent(ctx, tx, ev)
	})
}

// Waiting lists who waits, of one workshop or, for "", of all: who asked first first.
func (s *Store) Waiting(ctx context.Context, workshopID string) ([]presage.Waiting, error) {
	list, err := all(ctx, s.r, scanWaiting, waitingSelect+` WHERE $1 = '' OR w.workshop_id = $1
		ORDER BY w.since, w.case_id`, workshopID)
	return list, wrap(err, "waiting list")
}

// WaitingOf is the entry of a case, or ErrNotFound.
func (s *Store) WaitingOf(ctx context.Context, caseID string) (presage.Waiting, error) {
	w, err := one(ctx, s.r, scanWaiting, waitingSelect+` WHERE w.case_id = $1`, caseID)
	return w, wrap(err, "waiting list: case "+caseID)
}

func scanWaiting(r row) (presage.Waiting, error) {
	var w presage.Waiting
	err := r.Scan(&w.CaseID, &w.CustomerID, &w.WorkshopID, instant{&w.Since}, instant{&w.VisitAt}, &w.Who,
		&w.BookingID, instant{&w.Start}, &w.Severity)
	return w, err
}

// OfferFreed tells a waiting customer of an earlier time: the offer, its message and
// the note in the case's history, or none. ErrConflict when the customer was told of
// this time before, or somebody else has an offer of it that is open.
func (s *Store) OfferFreed(
	ctx context.Context, o presage.FreedOffer, ms []presage.Message, ev presage.CaseEvent,
) error {
	return s.inTx(ctx, "freed time for case "+o.CaseID, func(tx *sql.Tx) error {
		if err := lockCalendar(ctx, tx, o.WorkshopID); err != nil {
			return err
		}
		var n int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM freed_offers WHERE workshop_id = $1
			AND ((expires_at > $2 AND start_at < $3 AND end_at > $4) OR (case_id = $5 AND start_at = $4))`,
			o.WorkshopID, micros(o.OfferedAt), micros(o.End), micros(o.Start), o.CaseID).Scan(&n)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: that time is offered already", presage.ErrConflict)
		}
		c, err := lockCase(ctx, tx, o.CaseID)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO freed_offers (`+freedColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			o.ID, o.CaseID, o.WorkshopID, o.BookingID, micros(o.Start), micros(o.End), micros(o.OfferedAt), micros(o.ExpiresAt))
		if err != nil {
			return err
		}
		ev.CaseID, ev.From, ev.To = c.ID, c.State, c.State
		return errors.Join(putCaseEvent(ctx, tx, ev), each(ctx, tx, messageInsert, ms, messageArgs))
	})
}

// FreedOffers lists the offers of a workshop that are open at a time, and all that were
// made to its waiting cases.
func (s *Store) FreedOffers(ctx context.Context, workshopID string, now time.Time) ([]presage.FreedOffer, error) {
	list, err := all(ctx, s.r, scanFreed, `SELECT `+freedColumns+` FROM freed_offers WHERE workshop_id = $1
		AND (expires_at > $2 OR case_id IN (SELECT case_id FROM waiting_list)) ORDER BY start_at, id`,
		workshopID, micros(now))
	return list, wrap(err, "freed times of workshop "+workshopID)
}

// FreedTo is the offer that a case may take at a time, or ErrNotFound.
func (s *Store) FreedTo(ctx context.Context, caseID string, now time.Time) (presage.FreedOffer, error) {
	o, err := one(ctx, s.r, scanFreed, `SELECT `+freedColumns+` FROM freed_offers
		WHERE case_id = $1 AND expires_at > $2 ORDER BY offered_at DESC, id LIMIT 1`, caseID, micros(now))
	return o, wrap(err, "freed time for case "+caseID)
}

// FreedOffer returns an offer, or ErrNotFound.
func (s *Store) FreedOffer(ctx context.Context, id string) (presage.FreedOffer, error) {
	o, err := one(ctx, s.r, scanFreed, `SELECT `+freedColumns+` FROM freed_offers WHERE id = $1`, id)
	return o, wrap(err, "freed time "+id)
}

func scanFreed(r row) (presage.FreedOffer, error) {
	var o presage.FreedOffer
	err := r.Scan(&o.ID, &o.CaseID, &o.WorkshopID, &o.BookingID, instant{&o.Start}, instant{&o.End},
		instant{&o.OfferedAt}, instant{&o.ExpiresAt})
	return o, err
}
