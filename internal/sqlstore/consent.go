package sqlstore

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"presage"
)

// agreed are the channels that a customer may be reached by, as consent_events
// keeps them.
const agreed = `CASE WHEN consent_push AND NOT stopped_push THEN 'push ' ELSE '' END ||
	CASE WHEN consent_sms AND NOT stopped_sms THEN 'sms ' ELSE '' END ||
	CASE WHEN consent_email AND NOT stopped_email THEN 'email ' ELSE '' END ||
	CASE WHEN consent_call AND NOT stopped_call THEN 'call ' ELSE '' END`

const consentEvent = `INSERT INTO consent_events (customer_id, n, at, consent, purposes, source, evidence, preferred)
	SELECT id, 1 + COALESCE((SELECT MAX(n) FROM consent_events e WHERE e.customer_id = id), 0),
		consent_changed_at, ` + agreed + `, purposes, consent_source, CAST($2 AS TEXT), preferred
	FROM customers WHERE id = $1 AND NOT EXISTS (
		SELECT 1 FROM consent_events e WHERE e.customer_id = id
		AND e.n = (SELECT MAX(n) FROM consent_events l WHERE l.customer_id = id)
		AND e.consent = ` + agreed + ` AND e.purposes = customers.purposes
		AND e.preferred = customers.preferred)`

// consentChanged writes down what a customer agrees to now, where it is another
// than what was written last. The customer's row holds it already.
func consentChanged(ctx context.Context, tx *sql.Tx, customerID, evidence string) error {
	_, err := tx.ExecContext(ctx, consentEvent, clean(customerID), clean(evidence))
	return err
}

// imported writes down what an import changed.
func imported(ctx context.Context, tx *sql.Tx, cs []presage.Customer) error {
	return each(ctx, tx, consentEvent, cs, func(c presage.Customer) ([]any, error) {
		return []any{clean(c.ID), clean(c.Consent.Evidence)}, nil
	})
}

// ConsentHistory lists what a customer agreed to, the newest first. ErrNotFound
// if there is no such customer.
func (s *Store) ConsentHistory(ctx context.Context, customerID string) ([]presage.ConsentRecord, error) {
	if _, err := s.Customer(ctx, customerID); err != nil {
		return nil, err
	}
	list, err := all(ctx, s.r, func(r row) (presage.ConsentRecord, error) {
		var x presage.ConsentRecord
		var channels, preferred string
		err := r.Scan(instant{&x.At}, &channels, document{&x.Purposes}, &x.Source, &x.Evidence, &preferred)
		x.Preferred = named(preferred)
		by := strings.Fields(channels)
		x.Push, x.SMS = slices.Contains(by, "push"), slices.Contains(by, "sms")
		x.Email, x.Call = slices.Contains(by, "email"), slices.Contains(by, "call")
		return x, err
	}, `SELECT at, consent, purposes, source, evidence, preferred FROM consent_events
		WHERE customer_id = $1 ORDER BY n DESC`,
		customerID)
	return list, wrap(err, "consent of customer "+customerID)
}

// limits is how purposes are stored.
func limits(x presage.Limits) (string, error) {
	if len(x) == 0 {
		return "null", nil
	}
	return encode(x)
}
