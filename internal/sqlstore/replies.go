package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

// PutReply keeps what a customer wrote; the store numbers it. The same message
// of a provider is kept once for each customer.
func (s *Store) PutReply(ctx context.Context, r presage.Reply) error {
	return s.inTx(ctx, "put reply of customer "+r.CustomerID, func(tx *sql.Tx) error {
		id, err := next(ctx, tx, "replies", 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO replies (id, at, customer_id, channel, body, meaning, case_id, provider_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (provider_id, customer_id) WHERE provider_id <> '' DO NOTHING`,
			id, micros(r.At), r.CustomerID, string(r.Channel), clean(r.Text), r.Meaning, r.CaseID, clean(r.ProviderID))
		return err
	})
}

const replySelect = `SELECT id, at, customer_id, channel, body, meaning, case_id, provider_id FROM replies`

func scanReply(r row) (presage.Reply, error) {
	var x presage.Reply
	err := r.Scan(&x.ID, instant{&x.At}, &x.CustomerID, &x.Channel, &x.Text, &x.Meaning, &x.CaseID, &x.ProviderID)
	return x, err
}

// LastReply returns what a customer wrote last, or ErrNotFound.
func (s *Store) LastReply(ctx context.Context, customerID string) (presage.Reply, error) {
	x, err := one(ctx, s.r, scanReply, replySelect+` WHERE customer_id = $1 ORDER BY id DESC LIMIT 1`, customerID)
	return x, wrap(err, "last reply of customer "+customerID)
}

// Replies lists up to limit (0 for all) replies, the newest first.
func (s *Store) Replies(ctx context.Context, limit int) ([]presage.Reply, error) {
	rs, err := chosen(ctx, s.r, scanReply, choose(replySelect).order("id DESC", limit))
	return rs, wrap(err, "list replies")
}
