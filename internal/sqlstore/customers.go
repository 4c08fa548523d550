package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"presage"
)

const customerColumns = `id, name, lang, phone, zone, tier,
	consent_push, consent_sms, consent_call, consent_changed_at, consent_source,
	stopped_push, stopped_sms, stopped_call, purposes, email, consent_email, stopped_email, preferred`

// customerSelect adds what the customer's number and address have stopped, whoever
// had them then.
const customerSelect = `SELECT ` + customerColumns + `,
	EXISTS (SELECT 1 FROM suppressions x WHERE x.address = customers.phone AND x.channel = 'push'),
	EXISTS (SELECT 1 FROM suppressions x WHERE x.address = customers.phone AND x.channel = 'sms'),
	EXISTS (SELECT 1 FROM suppressions x WHERE x.address = customers.phone AND x.channel = 'call'),
	EXISTS (SELECT 1 FROM suppressions x WHERE x.address = LOWER(customers.email) AND x.channel = 'email'),
	(SELECT COUNT(*) FROM devices d WHERE d.customer_id = customers.id),
	bad_phone = phone AND phone <> '', bad_email = email AND email <> '' FROM customers`

// An import must not undo a person: a channel that they stopped stays closed,
// whatever the date, because it is read through the stop. Of what stands behind
// it the newer consent counts. While a STOP stands its date and source do too.
const customerUpsert = `INSERT INTO customers (` + customerColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, lang = excluded.lang, phone = excluded.phone,
		zone = excluded.zone, tier = excluded.tier, email = excluded.email,
		consent_push = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_push ELSE customers.consent_push END,
		consent_sms = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_sms ELSE customers.consent_sms END,
		consent_call = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_call ELSE customers.consent_call END,
		consent_email = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.consent_email ELSE customers.consent_email END,
		purposes = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.purposes ELSE customers.purposes END,
		preferred = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
			THEN excluded.preferred ELSE customers.preferred END,
		consent_source = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
				AND NOT (customers.stopped_push OR customers.stopped_sms OR customers.stopped_email OR customers.stopped_call)
			THEN excluded.consent_source ELSE customers.consent_source END,
		consent_changed_at = CASE WHEN excluded.consent_changed_at >= customers.consent_changed_at
				AND NOT (customers.stopped_push OR customers.stopped_sms OR customers.stopped_email OR customers.stopped_call)
			THEN excluded.consent_changed_at ELSE customers.consent_changed_at END`

// PutCustomers inserts or replaces customers, all or none. A stored consent
// that was changed later than the one given is kept, and a channel that the
// customer stopped stays closed.
func (s *Store) PutCustomers(ctx context.Context, cs []presage.Customer) error {
	customers, err := ready(customerUpsert, cs, customerArgs)
	if err != nil {
		return wrap(err, "put customers")
	}
	return s.inTx(ctx, "put customers", func(tx *sql.Tx) error {
		if err := customers(ctx, tx); err != nil {
			return err
		}
		return errors.Join(findStops(ctx, tx, cs), imported(ctx, tx, cs))
	})
}

func customerArgs(c presage.Customer) ([]any, error) {
	purposes, err := limits(c.Consent.Purposes)
	return []any{
		c.ID, clean(c.Name), c.Lang, string(c.Phone), c.Zone, c.Tier,
		c.Consent.Push, c.Consent.SMS, c.Consent.Call, micros(c.Consent.ChangedAt), c.Consent.Source,
		c.Consent.Stopped.Push, c.Consent.Stopped.SMS, c.Consent.Stopped.Call, purposes,
		string(c.Email), c.Consent.Email, c.Consent.Stopped.Email, joined(c.Consent.Preferred),
	}, err
}

// joined is how channels are stored.
func joined(names []presage.ChannelName) string {
	var text []string
	for _, name := range names {
		text = append(text, clean(string(name)))
	}
	return strings.Join(text, " ")
}

// named is the reverse of joined.
func named(text string) (names []presage.ChannelName) {
	for name := range strings.FieldsSeq(text) {
		names = append(names, presage.ChannelName(name))
	}
	return names
}

// Customer returns the customer, or ErrNotFound.
func (s *Store) Customer(ctx context.Context, id string) (presage.Customer, error) {
	c, err := one(ctx, s.r, scanCustomer, customerSelect+` WHERE id = $1`, id)
	return c, wrap(err, "customer "+id)
}

// CustomersByPhone lists the customers with the E.164 number by ID: members of
// a family and drivers of one company share numbers.
func (s *Store) CustomersByPhone(ctx context.Context, p presage.Phone) ([]presage.Customer, error) {
	cs, err := all(ctx, s.r, scanCustomer,
		customerSelect+` WHERE phone = $1 AND phone <> '' ORDER BY id`, string(p))
	return cs, wrap(err, "customers with phone "+p.Masked())
}

// CustomersKnown tells which of the IDs are of known customers.
func (s *Store) CustomersKnown(ctx context.Context, ids []string) (map[string]bool, error) {
	known := make(map[string]bool, len(ids))
	for some := range slices.Chunk(ids, knownAtOnce) {
		args, marks := make([]any, len(some)), make([]string, len(some))
		for i, id := range some {
			args[i], marks[i] = clean(id), "$"+strconv.Itoa(i+1)
		}
		found, err := all(ctx, s.r, scanString,
			`SELECT id FROM customers WHERE id IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, wrap(err, "known customers")
		}
		for _, id := range found {
			known[id] = true
		}
	}
	return known, nil
}

// knownAtOnce keeps a statement far below the parameter limits of both databases.
const knownAtOnce = 500

// SetConsent replaces a customer's consent by what the customer said. What they
// stopped is kept for their number and address too, and what they allow is lifted there.
// What they had agreed to before a STOP stays behind it, for Resume.
// ErrNotFound if there is no such customer.
func (s *Store) SetConsent(ctx context.Context, customerID string, c presage.Consent) error {
	purposes, err := limits(c.Purposes)
	if err != nil {
		return wrap(err, "set consent of customer "+customerID)
	}
	return s.inTx(ctx, "set consent of customer "+customerID, func(tx *sql.Tx) error {
		at, err := one(ctx, tx, scanReach, `UPDATE customers SET
			consent_push = CASE WHEN $7 THEN consent_push ELSE $2 END,
			consent_sms = CASE WHEN $8 THEN consent_sms ELSE $3 END,
			consent_call = CASE WHEN $9 THEN consent_call ELSE $4 END,
			consent_email = CASE WHEN $12 THEN consent_email ELSE $11 END,
			consent_changed_at = $5, consent_source = $6, stopped_push = $7, stopped_sms = $8,
			stopped_call = $9, purposes = $10, stopped_email = $12, preferred = $13 WHERE id = $1 RETURNING phone, email`,
			customerID, c.Push, c.SMS, c.Call, micros(c.ChangedAt), clean(c.Source),
			c.Stopped.Push, c.Stopped.SMS, c.Stopped.Call, purposes, c.Email, c.Stopped.Email,
			joined(c.Preferred))
		if err != nil {
			return err
		}
		return errors.Join(keepStops(ctx, tx, at, c), consentChanged(ctx, tx, customerID, c.Evidence))
	})
}

// Resume ends a customer's STOP of push, SMS and e-mail: what they had agreed to
// before counts again, and what more gives as well. E-mails that were ended by
// their own link stay so. ErrNotFound if there is no such customer.
func (s *Store) Resume(ctx context.Context, customerID string, more presage.Consent) error {
	return s.inTx(ctx, "resume messages to customer "+customerID, func(tx *sql.Tx) error {
		at, err := one(ctx, tx, scanReach, `UPDATE customers SET
			consent_push = consent_push OR $2, consent_sms = consent_sms OR $3,
			consent_changed_at = $4, consent_source = $5, stopped_push = FALSE, stopped_sms = FALSE,
			stopped_email = stopped_email AND EXISTS (SELECT 1 FROM suppressions x
				WHERE x.address = LOWER(email) AND x.channel = 'email' AND x.source = $6)
			WHERE id = $1 RETURNING phone, email`,
			customerID, more.Push, more.SMS, micros(more.ChangedAt), clean(more.Source), presage.UnsubscribeSource)
		if err != nil {
			return err
		}
		return errors.Join(consentChanged(ctx, tx, customerID, more.Evidence), resumeStops(ctx, tx, at))
	})
}

func scanCustomer(r row) (presage.Customer, error) {
	var c presage.Customer
	var number presage.Channels
	var preferred string
	consent := &c.Consent
	err := r.Scan(&c.ID, &c.Name, &c.Lang, &c.Phone, &c.Zone, &c.Tier,
		&consent.Push, &consent.SMS, &consent.Call, instant{&consent.ChangedAt}, &consent.Source,
		&consent.Stopped.Push, &consent.Stopped.SMS, &consent.Stopped.Call, document{&consent.Purposes},
		&c.Email, &consent.Email, &consent.Stopped.Email, &preferred,
		&number.Push, &number.SMS, &number.Call, &number.Email, &c.Devices, &c.PhoneBad, &c.EmailBad)
	consent.Preferred = named(preferred)
	stopped := &consent.Stopped
	stopped.Push = stopped.Push || number.Push
	stopped.SMS = stopped.SMS || number.SMS
	stopped.Call = stopped.Call || number.Call
	stopped.Email = stopped.Email || number.Email
	consent.Email = consent.Email && !stopped.Email
	consent.Push = consent.Push && !stopped.Push
	consent.SMS = consent.SMS && !stopped.SMS
	consent.Call = consent.Call && !stopped.Call
	return c, err
}
