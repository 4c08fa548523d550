package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

// open deliveries are the first of their order that has not arrived, and of a
// receiver that is tried now. $1 is now, $2 the latest claim that has run out.
const openDelivery = `d.state = 'waiting' AND d.not_before <= $1 AND d.claimed_at <= $2
	AND EXISTS (SELECT 1 FROM subscriptions s WHERE s.id = d.subscription_id AND s.active AND s.paused_until <= $1)
	AND NOT EXISTS (SELECT 1 FROM outbox_deliveries e WHERE e.subscription_id = d.subscription_id
		AND e.order_name = d.order_name AND e.n < d.n AND e.state IN ('waiting', 'dead'))`

// ClaimDeliveries takes up to limit changes to be sent, of each order the first
// alone: later ones wait until its end is saved. A claim is good for lease; who
// dies with one leaves it to the next who asks after that.
func (s *Store) ClaimDeliveries(ctx context.Context, now time.Time, lease time.Duration, limit int,
) ([]presage.Outgoing, error) {
	const doing = "claim changes to send"
	at, over := micros(now), micros(now.Add(-lease))
	// Most passes find nothing, and a transaction that writes makes others wait.
	ids, err := all(ctx, s.r, scanString, `SELECT d.id FROM outbox_deliveries d WHERE `+openDelivery+`
		ORDER BY d.not_before, d.updated_at, d.id LIMIT $3 + 0`, at, over, limit)
	if err != nil || len(ids) == 0 {
		return nil, wrap(err, doing)
	}
	var out []presage.Outgoing
	err = s.inTx(ctx, doing, func(tx *sql.Tx) error {
		out = nil
		for _, id := range ids {
			err := changed(tx.ExecContext(ctx, `UPDATE outbox_deliveries AS d SET claimed_at = $1, attempts = attempts + 1
				WHERE `+openDelivery+` AND d.id = $3`, at, over, id))
			if errors.Is(err, sql.ErrNoRows) {
				continue // somebody else has it
			}
			if err != nil {
				return err
			}
			x, err := outgoing(ctx, tx, id)
			if err != nil {
				return err
			}
			x.ClaimedAt = now
			out = append(out, x)
		}
		return nil
	})
	return out, err
}

func outgoing(ctx context.Context, tx *sql.Tx, id string) (presage.Outgoing, error) {
	var x presage.Outgoing
	var data, customer string
	var n int64
	err := tx.QueryRowContext(ctx, `SELECT d.id, d.subscription_id, d.attempts, e.id, e.order_name, e.n, e.type, e.subject,
		e.at, e.data, e.customer_id FROM outbox_deliveries d JOIN outbox_events e ON e.id = d.event_id WHERE d.id = $1`, id).
		Scan(&x.ID, &x.SubscriptionID, &x.Attempts, &x.EventID, &x.Event.PartitionKey, &n, &x.Type, &x.Subject,
			instant{&x.At}, &data, &customer)
	if err != nil {
		return x, err
	}
	x.Event = presage.CloudEvent{
		SpecVersion: presage.CloudEventsSpec, ID: x.EventID, Type: x.Type, Subject: x.Subject, Time: x.At,
		ContentType: "application/json", PartitionKey: x.Event.PartitionKey, Sequence: fmt.Sprintf("%010d", n),
		Data: []byte(data),
	}
	// Who sends does not ask how many others wait, and to count them takes time.
	x.To, err = one(ctx, tx, scanSubscription, `SELECT `+subscriptionColumns+`, 0, 0 FROM subscriptions WHERE id = $1`,
		x.SubscriptionID)
	if err == nil {
		x.External, err = externalOf(ctx, tx, x.To.System, x.Event.PartitionKey, customer)
	}
	return x, err
}

// EndDelivery saves how a claimed delivery went. ErrConflict when the claim ran
// out and somebody else has it, or it was removed.
func (s *Store) EndDelivery(ctx context.Context, x presage.Outgoing, how presage.Tried, now time.Time) error {
	return s.inTx(ctx, "end delivery "+x.ID, func(tx *sql.Tx) error {
		err := changed(tx.ExecContext(ctx, `UPDATE outbox_deliveries SET state = $3, not_before = $4, fault = $5,
			updated_at = $6, claimed_at = 0 WHERE id = $1 AND claimed_at = $2`,
			x.ID, micros(x.ClaimedAt), string(how.State), micros(how.NotBefore), clean(how.Fault), micros(now)))
		if errors.Is(err, sql.ErrNoRows) {
			return presage.ErrConflict
		}
		if err != nil {
			return err
		}
		if how.Fault == "" {
			_, err = tx.ExecContext(ctx, `UPDATE subscriptions SET failures = 0, fault = '', paused_until = 0
				WHERE id = $1 AND failures > 0`, x.SubscriptionID)
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE subscriptions SET failures = failures + 1, fault = $2,
			paused_until = CASE WHEN $3 > paused_until THEN $3 ELSE paused_until END WHERE id = $1`,
			x.SubscriptionID, clean(how.Fault), micros(how.Pause))
		return err
	})
}

// Deliveries lists changes on their way, the newest first.
func (s *Store) Deliveries(ctx context.Context, f presage.DeliveryFilter) ([]presage.Delivery, error) {
	q := choose(`SELECT `+deliveryColumns+` FROM outbox_deliveries d JOIN outbox_events e ON e.id = d.event_id`).
		is("d.subscription_id", f.SubscriptionID).is("d.state", string(f.State))
	if f.AfterID != "" {
		q.and(`(e.at, d.id) < (SELECT y.at, x.id FROM outbox_deliveries x JOIN outbox_events y ON y.id = x.event_id
			WHERE x.id = ?)`, f.AfterID)
	}
	ds, err := chosen(ctx, s.r, scanDelivery, q.order("e.at DESC, d.id DESC", f.Limit))
	return ds, wrap(err, "list deliveries")
}

// Delivery returns one, or ErrNotFound.
func (s *Store) Delivery(ctx context.Context, id string) (presage.Delivery, error) {
	d, err := one(ctx, s.r, scanDelivery, `SELECT `+deliveryColumns+`
		FROM outbox_deliveries d JOIN outbox_events e ON e.id = d.event_id WHERE d.id = $1`, id)
	return d, wrap(err, "delivery")
}

const deliveryColumns = `d.id, d.subscription_id, d.event_id, e.type, e.subject, e.at, d.state, d.attempts,
	d.not_before, d.updated_at, d.fault,
	(SELECT COUNT(*) FROM outbox_deliveries b WHERE b.subscription_id = d.subscription_id
		AND b.order_name = d.order_name AND b.n > d.n AND b.state = 'waiting' AND d.state = 'dead')`

func scanDelivery(r row) (presage.Delivery, error) {
	var d presage.Delivery
	err := r.Scan(&d.ID, &d.SubscriptionID, &d.EventID, &d.Type, &d.Subject, instant{&d.At}, &d.State, &d.Attempts,
		instant{&d.NotBefore}, instant{&d.UpdatedAt}, &d.Fault, &d.Behind)
	return d, err
}

// ReplayDeliveries lets those that were given up be sent again, from the first
// try on; their receivers are tried at once. It returns how many they are.
// ErrConflict: one of them was not given up. ErrNotFound: one is not known.
func (s *Store) ReplayDeliveries(ctx context.Context, ids []string, now time.Time) (int, error) {
	return s.endDead(ctx, ids, func(tx *sql.Tx, id string) error {
		_, err := tx.ExecContext(ctx, `UPDATE outbox_deliveries SET state = 'waiting', attempts = 0, not_before = 0,
			claimed_at = 0, updated_at = $2 WHERE id = $1`, id, micros(now))
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE subscriptions SET paused_until = 0
				WHERE id = (SELECT subscription_id FROM outbox_deliveries WHERE id = $1)`, id)
		}
		return err
	})
}

// SkipDeliveries lets what waits behind those that were given up go on without them.
func (s *Store) SkipDeliveries(ctx context.Context, ids []string, now time.Time) (int, error) {
	return s.endDead(ctx, ids, func(tx *sql.Tx, id string) error {
		_, err := tx.ExecContext(ctx, `UPDATE outbox_deliveries SET state = 'skipped', updated_at = $2 WHERE id = $1`,
			id, micros(now))
		return err
	})
}

func (s *Store) endDead(ctx context.Context, ids []string, do func(*sql.Tx, string) error) (n int, err error) {
	ids = slices.Sorted(slices.Values(ids))
	err = s.inTx(ctx, "deliveries given up", func(tx *sql.Tx) error {
		n = 0
		for _, id := range slices.Compact(ids) {
			state, err := one(ctx, tx, scanString, `UPDATE outbox_deliveries SET state = state WHERE id = $1
				RETURNING state`, id)
			switch {
			case errors.Is(err, sql.ErrNoRows):
				return fmt.Errorf("delivery %.80q: %w", id, presage.ErrNotFound)
			case err != nil:
				return err
			case state != string(presage.DeliveryDead):
				return fmt.Errorf("delivery %s: %w: it is %s, not given up", id, presage.ErrConflict, state)
			}
			if err := do(tx, id); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
