package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"presage"
)

// receiptRows and receiptAge bound what is kept of receipts: anybody's message
// of the same account may be meant.
const (
	receiptRows = 100_000
	receiptAge  = 7 * 24 * time.Hour
)

// KeepReceipt keeps a receipt of a message whose sending is not recorded yet.
// The last one of a message stands.
func (s *Store) KeepReceipt(ctx context.Context, r presage.Receipt, at time.Time) error {
	r.Reason = clean(r.Reason)
	body, err := encode(r)
	if err != nil {
		return err
	}
	return s.inTx(ctx, "keep a receipt", func(tx *sql.Tx) error {
		n, err := next(ctx, tx, "receipts", 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO receipts (provider_id, n, at, body) VALUES ($1, $2, $3, $4)
			ON CONFLICT (provider_id) DO UPDATE SET n = excluded.n, at = excluded.at, body = excluded.body`,
			clean(r.ProviderID), n, micros(at), body)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM receipts WHERE n <= $1 OR at < $2`,
			n-receiptRows, micros(at.Add(-receiptAge)))
		return err
	})
}

// ReceiptsDue lists the kept receipts whose message is recorded by now, the
// oldest first. Each stays until it is forgotten.
func (s *Store) ReceiptsDue(ctx context.Context) ([]presage.Receipt, error) {
	rs, err := all(ctx, s.r, scanDocument[presage.Receipt], `SELECT body FROM receipts r
		WHERE EXISTS (SELECT 1 FROM messages m WHERE m.provider_id = r.provider_id AND m.provider_id <> '')
		ORDER BY n`)
	return rs, wrap(err, "list kept receipts")
}

// ForgetReceipt drops what is kept of a message; nothing is no error.
func (s *Store) ForgetReceipt(ctx context.Context, providerID string) error {
	_, err := s.w.ExecContext(ctx, `DELETE FROM receipts WHERE provider_id = $1`, clean(providerID))
	return wrap(err, "forget a receipt")
}
