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
	// webhookRows and webhookAge bound what is known of webhooks. A customer's
	// own messages are known by the replies for ever.
	webhookRows = 1_000_000
	webhookAge  = 400 * 24 * time.Hour
	// webhookLimit is how long somebody may be at one before another takes it over.
	webhookLimit = time.Minute
)

// BeginWebhook takes the message in that the provider knows as id, and returns
// false when it was taken in before: then there is nothing left to do. After
// true EndWebhook must follow; without it somebody else may begin a minute
// later. ErrUnavailable: somebody is at it now.
func (s *Store) BeginWebhook(ctx context.Context, id string, now time.Time) (fresh bool, err error) {
	err = s.inTx(ctx, "take in a webhook", func(tx *sql.Tx) error {
		fresh = false
		// The counter's row makes those who take the same message in wait in turn.
		n, err := next(ctx, tx, "webhooks", 1)
		if err != nil {
			return err
		}
		var done bool
		var at time.Time
		err = tx.QueryRowContext(ctx, `SELECT done, at FROM webhooks WHERE id = $1`, id).Scan(&done, instant{&at})
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return beginWebhook(ctx, tx, webhook{id, n, now}, &fresh)
		case err != nil, done:
			return err
		case now.Sub(at).Abs() < webhookLimit:
			return fmt.Errorf("%w: another request with the same message is at work", presage.ErrUnavailable)
		}
		fresh = true
		_, err = tx.ExecContext(ctx, `UPDATE webhooks SET at = $2 WHERE id = $1`, id, micros(now))
		return err
	})
	return fresh && err == nil, err
}

type webhook struct {
	id string
	n  int64
	at time.Time
}

func beginWebhook(ctx context.Context, tx *sql.Tx, w webhook, fresh *bool) error {
	_, err := one(ctx, tx, scanString, `SELECT customer_id FROM replies WHERE provider_id = $1 LIMIT 1`, w.id)
	if !errors.Is(err, sql.ErrNoRows) {
		return err // what was said long ago, or an error
	}
	*fresh = true
	if _, err := tx.ExecContext(ctx, `INSERT INTO webhooks (id, n, at, done) VALUES ($1, $2, $3, FALSE)`,
		w.id, w.n, micros(w.at)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM webhooks WHERE n <= $1 OR at < $2`,
		w.n-webhookRows, micros(w.at.Add(-webhookAge)))
	return err
}

// EndWebhook keeps the message as done, or forgets it so that it can come again.
func (s *Store) EndWebhook(ctx context.Context, id string, done bool) error {
	stmt := `DELETE FROM webhooks WHERE id = $1`
	if done {
		stmt = `UPDATE webhooks SET done = TRUE WHERE id = $1`
	}
	_, err := s.w.ExecContext(ctx, stmt, id)
	return wrap(err, "end a webhook")
}
