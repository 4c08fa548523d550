package sqlstore

import (
	"context"

	"presage"
)

const customerColumns = `id, name, lang, phone, push_token, zone, tier,
	consent_push, consent_sms, consent_call, consent_changed_at, consent_source`

// An import must not undo a later STOP: the newer consent stands.
const customerUpsert = `INSERT INTO customers (` + customerColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, lang = excluded.lang, phone = excluded.phone,
		push_token = excluded.push_token, zone = excluded.zone, tier = excluded.tier,
		consent_push = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_push ELSE customers.consent_push END,
		consent_sms = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_sms ELSE customers.consent_sms END,
		consent_call = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_call ELSE customers.consent_call END,
		consent_source = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_source ELSE customers.consent_source END,
		consent_changed_at = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_changed_at ELSE customers.consent_changed_at END`

// PutCustomers inserts or replaces customers, all or none. A stored consent
// that was changed later than the one given is kept.
func (s *Store) PutCustomers(ctx context.Context, cs []presage.Customer) error {
	return put(s, customerUpsert, cs, func(c presage.Customer) ([]any, error) {
		return []any{
			c.ID, clean(c.Name), c.Lang, string(c.Phone), c.PushToken.Reveal(), c.Zone, c.Tier,
			c.Consent.Push, c.Consent.SMS, c.Consent.Call, micros(c.Consent.ChangedAt), c.Consent.Source,
		}, nil
	})(ctx, "put customers")
}

// Customer returns the customer, or ErrNotFound.
func (s *Store) Customer(ctx context.Context, id string) (presage.Customer, error) {
	c, err := one(ctx, s.r, scanCustomer, `SELECT `+customerColumns+` FROM customers WHERE id = $1`, id)
	return c, wrap(err, "customer "+id)
}

// CustomersByPhone lists the customers with the E.164 number by ID: members of
// a family and drivers of one company share numbers.
func (s *Store) CustomersByPhone(ctx context.Context, p presage.Phone) ([]presage.Customer, error) {
	cs, err := all(ctx, s.r, scanCustomer,
		`SELECT `+customerColumns+` FROM customers WHERE phone = $1 AND phone <> '' ORDER BY id`, string(p))
	return cs, wrap(err, "customers with phone "+p.Masked())
}

// SetConsent replaces a customer's consent. ErrNotFound if there is no such customer.
func (s *Store) SetConsent(ctx context.Context, customerID string, c presage.Consent) error {
	err := changed(s.w.ExecContext(ctx, `UPDATE customers SET consent_push = $2, consent_sms = $3, consent_call = $4,
		consent_changed_at = $5, consent_source = $6 WHERE id = $1`,
		customerID, c.Push, c.SMS, c.Call, micros(c.ChangedAt), clean(c.Source)))
	return wrap(err, "set consent of customer "+customerID)
}

func scanCustomer(r row) (presage.Customer, error) {
	var c presage.Customer
	err := r.Scan(&c.ID, &c.Name, &c.Lang, &c.Phone, &c.PushToken, &c.Zone, &c.Tier,
		&c.Consent.Push, &c.Consent.SMS, &c.Consent.Call, instant{&c.Consent.ChangedAt}, &c.Consent.Source)
	return c, err
}
