package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"presage"
)

// consentStep changes the channels that are named, in view of one moment's consent or
// ($14) of any. What was agreed to stays behind a stop, for Resume.
const consentStep = `UPDATE customers SET
	consent_push = consent_push OR $2, consent_sms = consent_sms OR $3,
	consent_email = consent_email OR $4, consent_call = consent_call OR $5,
	stopped_push = (stopped_push OR $6) AND NOT $2, stopped_sms = (stopped_sms OR $7) AND NOT $3,
	stopped_email = (stopped_email OR $8) AND NOT $4, stopped_call = (stopped_call OR $9) AND NOT $5,
	preferred = CASE WHEN $10 THEN $11 ELSE preferred END, consent_changed_at = $12, consent_source = $13
	WHERE id = $1 AND ($14 OR consent_changed_at = $15) RETURNING phone, email`

// ChangeConsent does one step of a customer's consent, in one statement, and writes it
// down. What is stopped is kept for the number and the address too, and what is opened
// is lifted there. ErrConflict with ErrStale when the consent is not the one that was
// seen, ErrNotFound if there is no such customer; then nothing is changed.
func (s *Store) ChangeConsent(ctx context.Context, customerID string, x presage.ConsentStep) error {
	var wanted []presage.ChannelName
	if x.Preferred != nil {
		wanted = *x.Preferred
	}
	var seen int64
	if x.Seen != nil {
		seen = micros(*x.Seen)
	}
	return s.inTx(ctx, "change consent of customer "+customerID, func(tx *sql.Tx) error {
		at, err := one(ctx, tx, scanReach, consentStep, customerID,
			x.Open.Push, x.Open.SMS, x.Open.Email, x.Open.Call, x.Close.Push, x.Close.SMS, x.Close.Email, x.Close.Call,
			x.Preferred != nil, joined(wanted), micros(x.At), clean(x.Source), x.Seen == nil, seen)
		if errors.Is(err, sql.ErrNoRows) && x.Seen != nil {
			return stale(ctx, tx, customerID)
		}
		if err != nil {
			return err
		}
		return errors.Join(keepStops(ctx, tx, at, presage.Consent{
			Push: x.Open.Push, SMS: x.Open.SMS, Email: x.Open.Email, Call: x.Open.Call,
			Stopped: x.Close, ChangedAt: x.At, Source: x.Source,
		}), consentChanged(ctx, tx, customerID, x.Evidence))
	})
}

// stale tells a customer whose consent has changed from one who is not known.
func stale(ctx context.Context, tx *sql.Tx, customerID string) error {
	if err := customerKnown(ctx, tx, customerID); err != nil {
		return err
	}
	return fmt.Errorf("%w: %w", presage.ErrConflict, presage.ErrStale)
}
