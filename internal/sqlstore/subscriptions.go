package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

const subscriptionColumns = `id, url, types, system_name, secrets, active, created_at, paused_until, failures, fault`

const subscriptionSelect = `SELECT ` + subscriptionColumns + `,
	(SELECT COUNT(*) FROM outbox_deliveries d WHERE d.subscription_id = subscriptions.id AND d.state = 'waiting'),
	(SELECT COUNT(*) FROM outbox_deliveries d WHERE d.subscription_id = subscriptions.id AND d.state = 'dead')
	FROM subscriptions`

// PutSubscription keeps a receiver, or what is new about it; one without secrets
// keeps those that it has. What waits for it is tried at once. ErrInvalid: a new
// one without secrets.
func (s *Store) PutSubscription(ctx context.Context, x presage.Subscription) (presage.Subscription, error) {
	secrets, err := encode(revealed(x.Secrets))
	if err != nil {
		return x, err
	}
	err = s.inTx(ctx, "put subscription "+x.ID, func(tx *sql.Tx) error {
		if len(x.Secrets) == 0 {
			secrets, err = one(ctx, tx, scanString, `SELECT secrets FROM subscriptions WHERE id = $1`, x.ID)
			if errors.Is(err, sql.ErrNoRows) {
				return fmt.Errorf("secrets: %w: want one for a new subscription", presage.ErrInvalid)
			}
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO subscriptions
			(id, url, types, system_name, secrets, active, created_at, paused_until, failures, fault)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, '')
			ON CONFLICT (id) DO UPDATE SET url = excluded.url, types = excluded.types, system_name = excluded.system_name,
				secrets = excluded.secrets, active = excluded.active, paused_until = 0, failures = 0, fault = ''`,
			x.ID, x.URL.Reveal(), typeList(x.Types), x.System, secrets, x.Active, micros(x.CreatedAt))
		return err
	})
	if err != nil {
		return x, err
	}
	return s.Subscription(ctx, x.ID)
}

func revealed(secrets []presage.Secret) []string {
	out := []string{}
	for _, x := range secrets {
		out = append(out, x.Reveal())
	}
	return out
}

// Subscription returns one, or ErrNotFound.
func (s *Store) Subscription(ctx context.Context, id string) (presage.Subscription, error) {
	x, err := one(ctx, s.r, scanSubscription, subscriptionSelect+` WHERE id = $1`, id)
	return x, wrap(err, "subscription "+id)
}

// Subscriptions lists all by ID.
func (s *Store) Subscriptions(ctx context.Context) ([]presage.Subscription, error) {
	xs, err := all(ctx, s.r, scanSubscription, subscriptionSelect+` ORDER BY id`)
	return xs, wrap(err, "list subscriptions")
}

// RemoveSubscription forgets a receiver and what waits for it. ErrNotFound.
func (s *Store) RemoveSubscription(ctx context.Context, id string) error {
	err := changed(s.w.ExecContext(ctx, `DELETE FROM subscriptions WHERE id = $1`, id))
	return wrap(err, "subscription "+id)
}

func scanSubscription(r row) (presage.Subscription, error) {
	var x presage.Subscription
	var url, types string
	var secrets []string
	err := r.Scan(&x.ID, &url, &types, &x.System, document{&secrets}, &x.Active, instant{&x.CreatedAt},
		instant{&x.PausedUntil}, &x.Failures, &x.Fault, &x.Waiting, &x.Dead)
	x.URL, x.Types = presage.Secret(url), typesOf(types)
	for _, secret := range secrets {
		x.Secrets = append(x.Secrets, presage.Secret(secret))
	}
	return x, err
}

// deliveredKept is how long what was delivered is kept.
const deliveredKept = 14 * 24 * time.Hour

// PurgeDelivered removes deliveries that ended long ago, and changes that nobody
// waits for any more.
func (s *Store) PurgeDelivered(ctx context.Context, now time.Time) (int64, error) {
	n, err := s.rows(ctx, `DELETE FROM outbox_deliveries
		WHERE state IN ('delivered', 'skipped') AND updated_at < $1`, micros(now.Add(-deliveredKept)))
	if err == nil {
		_, err = s.rows(ctx, `DELETE FROM outbox_events
			WHERE NOT EXISTS (SELECT 1 FROM outbox_deliveries d WHERE d.event_id = outbox_events.id)`)
	}
	return n, wrap(err, "purge what was delivered")
}
