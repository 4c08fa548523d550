package sqlstore

import (
	"context"
	"fmt"
	"time"

	"presage"
)

const messageColumns = `id, msg_key, case_id, offer_id, vin, customer_id, kind, channel, lang, title, body, link,
	safety, state, not_before, created_at, updated_at, sent_at, provider_id, attempts, error, about, reason,
	delivered_at, seen_at, answered_at, workshop_id`

const messageValues = `INSERT INTO messages (` + messageColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
		$24, $25, $26, $27)`

// messageInsert leaves out a message whose key is known, messageInsertOnce what
// any constraint forbids.
const (
	messageInsert     = messageValues + ` ON CONFLICT (msg_key) DO NOTHING`
	messageInsertOnce = messageValues + ` ON CONFLICT DO NOTHING`
)

// PutMessages inserts messages. One whose Key is known is left out: nobody is
// told twice. ErrInvalid without an ID or a Key; ErrConflict if the ID is taken
// by a message with another Key.
func (s *Store) PutMessages(ctx context.Context, ms []presage.Message) error {
	return put(s, messageInsert, ms, messageArgs)(ctx, "put messages")
}

// SaveMessage stores what became of a message: State, ProviderID, SentAt,
// DeliveredAt, SeenAt, Error, NotBefore, UpdatedAt, Attempts. A receipt that came
// before the record of the sending stands: seen does not fall back to delivered,
// nor that to sent or sending, and the first time of each stays.
// ErrNotFound if there is no such message.
func (s *Store) SaveMessage(ctx context.Context, m presage.Message) error {
	err := changed(s.w.ExecContext(ctx, `UPDATE messages SET
		state = CASE WHEN state = 'delivered' AND $2 IN ('sent', 'sending') THEN state
			WHEN state = 'seen' AND $2 IN ('sent', 'sending', 'delivered') THEN state ELSE $2 END,
		provider_id = CASE WHEN $3 <> '' THEN $3 ELSE provider_id END,
		sent_at = CASE WHEN CAST($4 AS BIGINT) <> 0 THEN $4 ELSE sent_at END,
		delivered_at = CASE WHEN delivered_at = 0 THEN $10 ELSE delivered_at END,
		seen_at = CASE WHEN seen_at = 0 THEN $11 ELSE seen_at END,
		error = $5, not_before = $6, updated_at = $7, reason = $8, attempts = $9 WHERE id = $1`,
		m.ID, string(m.State), m.ProviderID, micros(m.SentAt), clean(m.Error), micros(m.NotBefore), micros(m.UpdatedAt),
		clean(m.Reason.Stored()), m.Attempts, micros(m.DeliveredAt), micros(m.SeenAt)))
	return wrap(err, "save message "+m.ID)
}

// Messages lists messages, the newest first.
func (s *Store) Messages(ctx context.Context, f presage.MessageFilter) ([]presage.Message, error) {
	q := choose(`SELECT `+messageColumns+` FROM messages`).
		is("customer_id", f.CustomerID).is("case_id", f.CaseID).is("state", string(f.State))
	if f.BeforeID != "" {
		q.and("(created_at, id) < (SELECT b.created_at, b.id FROM messages b WHERE b.id = ?)", f.BeforeID)
	}
	ms, err := chosen(ctx, s.r, scanMessage, q.order("created_at DESC, id DESC", f.Limit))
	return ms, wrap(err, "list messages")
}

// MessagesSince counts the offers without Safety that were sent to a customer at
// or after since, one by two channels once: confirmations and answers are not
// what a cap is for.
func (s *Store) MessagesSince(ctx context.Context, customerID string, since time.Time) (int, error) {
	var n int
	err := s.r.QueryRowContext(ctx, `SELECT COUNT(DISTINCT offer_id) FROM messages
		WHERE customer_id = $1 AND sent_at >= $2 AND sent_at > 0 AND kind = 'offer' AND NOT safety
			AND state IN ('sent', 'delivered', 'seen')`,
		customerID, micros(since)).Scan(&n)
	return n, wrap(err, "count offers to customer "+customerID)
}

// Message returns the message, or ErrNotFound.
func (s *Store) Message(ctx context.Context, id string) (presage.Message, error) {
	m, err := one(ctx, s.r, scanMessage, `SELECT `+messageColumns+` FROM messages WHERE id = $1`, id)
	return m, wrap(err, "message "+id)
}

// MessageByProviderID returns the message that a provider knows as id, or ErrNotFound.
func (s *Store) MessageByProviderID(ctx context.Context, id string) (presage.Message, error) {
	m, err := one(ctx, s.r, scanMessage,
		`SELECT `+messageColumns+` FROM messages WHERE provider_id = $1 AND provider_id <> '' ORDER BY id LIMIT 1`, id)
	return m, wrap(err, "message of provider "+id)
}

func messageArgs(m presage.Message) ([]any, error) {
	if m.ID == "" || m.Key == "" {
		return nil, fmt.Errorf("message %q: %w: it needs an ID and a key", m.ID, presage.ErrInvalid)
	}
	return []any{
		m.ID, m.Key, m.CaseID, m.OfferID, m.VIN, m.CustomerID, m.Kind, m.Channel, m.Lang,
		clean(m.Title), clean(m.Body), m.Link, m.Safety, m.State, micros(m.NotBefore), micros(m.CreatedAt),
		micros(m.UpdatedAt), micros(m.SentAt), m.ProviderID, m.Attempts, clean(m.Error),
		m.About, clean(m.Reason.Stored()), micros(m.DeliveredAt), micros(m.SeenAt), micros(m.AnsweredAt),
		m.WorkshopID,
	}, nil
}

func scanMessage(r row) (presage.Message, error) {
	var m presage.Message
	err := r.Scan(&m.ID, &m.Key, &m.CaseID, &m.OfferID, &m.VIN, &m.CustomerID, &m.Kind, &m.Channel, &m.Lang,
		&m.Title, &m.Body, &m.Link, &m.Safety, &m.State, instant{&m.NotBefore}, instant{&m.CreatedAt},
		instant{&m.UpdatedAt}, instant{&m.SentAt}, &m.ProviderID, &m.Attempts, &m.Error,
		&m.About, why{&m.Reason}, instant{&m.DeliveredAt}, instant{&m.SeenAt}, instant{&m.AnsweredAt},
		&m.WorkshopID)
	return m, err
}
