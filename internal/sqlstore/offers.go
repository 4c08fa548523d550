package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"presage"
)

const offerColumns = `id, case_id, vin, created_at, expires_at, slots, reason, answered_at, answer, held_until, parts`

// CreateOffer inserts an offer with its coupon and messages and moves its case to offered
// with due as the new SLA, in one transaction. An empty ev.From stands for the
// state that the case is in. ErrConflict when the case has moved on.
func (s *Store) CreateOffer(
	ctx context.Context, o presage.Offer, ms []presage.Message, due time.Time, ev presage.CaseEvent,
) error {
	slots, err := encode(o.Slots)
	if err != nil {
		return err
	}
	reason, err := encode(o.Reason)
	if err != nil {
		return err
	}
	parts, err := encode(o.Parts)
	if err != nil {
		return err
	}
	ev.CaseID, ev.To = o.CaseID, presage.CaseOffered
	return s.inTx(ctx, "create offer "+o.ID, func(tx *sql.Tx) error {
		if err := moveCase(ctx, tx, presage.CaseChange{DueAt: due}, ev); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO offers (`+offerColumns+`, opened_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`, // machines open links too: nobody counts it
			o.ID, o.CaseID, o.VIN, micros(o.CreatedAt), micros(o.ExpiresAt), slots, reason,
			micros(o.AnsweredAt), o.Answer, micros(o.HeldUntil), parts)
		if err != nil {
			return err
		}
		if err := holdSlots(ctx, tx, o); err != nil {
			return err
		}
		if err := putCoupon(ctx, tx, o.Coupon); err != nil {
			return err
		}
		return each(ctx, tx, messageInsert, ms, messageArgs)
	})
}

// Offer returns the offer, or ErrNotFound.
func (s *Store) Offer(ctx context.Context, id string) (presage.Offer, error) {
	o, err := one(ctx, s.r, scanOffer, `SELECT `+offerColumns+` FROM offers WHERE id = $1`, id)
	return o, wrap(err, "offer "+id)
}

// OffersOf lists the offers of a case, the newest first.
func (s *Store) OffersOf(ctx context.Context, caseID string) ([]presage.Offer, error) {
	os, err := all(ctx, s.r, scanOffer,
		`SELECT `+offerColumns+` FROM offers WHERE case_id = $1 ORDER BY created_at DESC, id DESC`, caseID)
	return os, wrap(err, "offers of case "+caseID)
}

// AnswerOffer notes the customer's answer, "booked" or "declined"; the latest
// stands. ErrNotFound if there is no such offer.
func (s *Store) AnswerOffer(ctx context.Context, id string, at time.Time, answer string) error {
	return wrap(answerOffer(ctx, s.w, id, at, answer), "answer offer "+id)
}

// writer is a pool or a transaction.
type writer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func answerOffer(ctx context.Context, db writer, id string, at time.Time, answer string) error {
	return changed(db.ExecContext(ctx,
		`UPDATE offers SET answered_at = $2, answer = $3 WHERE id = $1`, id, micros(at), answer))
}

// answerAs is answerOffer within a larger change; "" is no offer.
func answerAs(ctx context.Context, tx *sql.Tx, id string, at time.Time, answer string) error {
	if id == "" {
		return nil
	}
	if answer != "" {
		if err := withdrawOffer(ctx, tx, id, at); err != nil {
			return err
		}
	}
	return wrap(answerOffer(ctx, tx, id, at, answer), "offer "+id)
}

// withdrawOffer ends the messages of an offer that wait for their time: it is answered.
func withdrawOffer(ctx context.Context, tx *sql.Tx, id string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE messages SET state = 'suppressed', reason = $2, updated_at = $3
		WHERE offer_id = $1 AND kind = 'offer' AND state = 'planned'`,
		id, presage.Because(presage.WhyOfferAnswered).Stored(), micros(at))
	return err
}

func scanOffer(r row) (presage.Offer, error) {
	var o presage.Offer
	err := r.Scan(&o.ID, &o.CaseID, &o.VIN, instant{&o.CreatedAt}, instant{&o.ExpiresAt}, document{&o.Slots},
		document{&o.Reason}, instant{&o.AnsweredAt}, &o.Answer, instant{&o.HeldUntil}, document{&o.Parts})
	return o, err
}
