package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

const (
	conversationColumns = `customer_id, state, since, due_at, until, severity, reason, owner, case_id, workshop_id, lang,
	updated_at, version, assigned, held_since`
	conversationSelect = `SELECT ` + conversationColumns + ` FROM conversations`
)

// Conversation returns where the talk with a customer stands, or ErrNotFound.
func (s *Store) Conversation(ctx context.Context, customerID string) (presage.Conversation, error) {
	c, err := one(ctx, s.r, scanConversation, conversationSelect+` WHERE customer_id = $1`, customerID)
	return c, wrap(err, "conversation with customer "+customerID)
}

// PutConversation keeps a conversation as the version after c.Version; 0 is a new one.
// ErrConflict when it has another version by now. ErrNotFound: there is no such customer.
func (s *Store) PutConversation(ctx context.Context, c presage.Conversation) error {
	place, sortAt := queued(c)
	var n int64
	err := s.inTx(ctx, "put", func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO conversations (`+conversationColumns+`, place, sort_at)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, CAST($13 AS BIGINT) + 1, $14, $17, $15, $16
			WHERE EXISTS (SELECT 1 FROM customers WHERE id = $1)
		ON CONFLICT (customer_id) DO UPDATE SET state = excluded.state, since = excluded.since, due_at = excluded.due_at,
			until = excluded.until, severity = excluded.severity, reason = excluded.reason, owner = excluded.owner,
			case_id = excluded.case_id, workshop_id = excluded.workshop_id, lang = excluded.lang,
			updated_at = excluded.updated_at, assigned = excluded.assigned, version = excluded.version, place = excluded.place,
			sort_at = excluded.sort_at, held_since = excluded.held_since
			WHERE conversations.version = CAST($13 AS BIGINT)`,
			c.CustomerID, string(c.State), micros(c.Since), micros(c.DueAt), micros(c.Until), string(c.Severity),
			clean(c.Reason.Stored()), clean(c.Owner), c.CaseID, c.WorkshopID, string(c.Lang), micros(c.UpdatedAt), c.Version,
			clean(c.Assigned.Stored()), place, sortAt, micros(c.HeldSince))
		if err != nil {
			return err
		}
		if n, err = r.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return followTalk(ctx, tx, c)
	})
	if err == nil && n == 0 {
		if _, err = s.Customer(ctx, c.CustomerID); err == nil {
			err = fmt.Errorf("%w: somebody else has changed it", presage.ErrConflict)
		}
	}
	return wrap(err, "put conversation with customer "+c.CustomerID)
}

// rows runs a statement and counts the rows that it touched.
func (s *Store) rows(ctx context.Context, stmt string, args ...any) (int64, error) {
	r, err := s.w.ExecContext(ctx, stmt, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// queued is the place of a conversation in the queue: what waits, the gravest first and
// by deadline; what is put off, by its time; what is closed, the last one first.
func queued(c presage.Conversation) (place, sortAt int64) {
	switch c.Severity {
	case presage.Safety:
	case presage.Mobility:
		place = 1
	default:
		place = 2
	}
	switch c.State {
	case presage.ConversationOpen:
		return place, micros(c.DueAt)
	case presage.ConversationSnoozed:
		return 10, micros(c.Until)
	default:
		return 20, -micros(c.UpdatedAt)
	}
}

// Conversations lists conversations in the order of the queue, see queued.
func (s *Store) Conversations(ctx context.Context, f presage.ConversationFilter) ([]presage.Conversation, error) {
	q := choose(conversationSelect).is("state", string(f.State)).is("owner", f.Owner)
	if !f.DueBy.IsZero() {
		q.and(`CASE state WHEN 'open' THEN due_at WHEN 'snoozed' THEN until ELSE 0 END BETWEEN 1 AND ?`, micros(f.DueBy))
	}
	if f.AfterID != "" {
		q.and(`(place, sort_at, customer_id) >
			(SELECT b.place, b.sort_at, b.customer_id FROM conversations b WHERE b.customer_id = ?)`, f.AfterID)
	}
	cs, err := chosen(ctx, s.r, scanConversation, q.order("place, sort_at, customer_id", f.Limit))
	return cs, wrap(err, "list conversations")
}

// WaitingConversations counts those that are open, and those of them that are overdue.
func (s *Store) WaitingConversations(ctx context.Context, now time.Time) (waiting, late int, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0)
		FROM conversations WHERE state = 'open'`, micros(now)).Scan(&waiting, &late)
	return waiting, late, wrap(err, "count conversations")
}

// LostAnswers lists the customers whose conversation is closed though the last thing
// that a person wrote to them did not go out, by any channel.
func (s *Store) LostAnswers(ctx context.Context) ([]string, error) {
	ids, err := all(ctx, s.r, scanString, `SELECT c.customer_id FROM conversations c
		WHERE c.state = 'closed' AND EXISTS (
			SELECT 1 FROM messages m WHERE m.customer_id = c.customer_id AND m.kind = 'personal'
				AND m.state IN ('failed', 'suppressed') AND m.updated_at >= c.updated_at
				AND NOT EXISTS (SELECT 1 FROM messages o WHERE o.customer_id = m.customer_id AND o.kind = 'personal'
					AND o.about = m.about AND o.state NOT IN ('failed', 'suppressed')))
		ORDER BY c.customer_id`)
	return ids, wrap(err, "list lost answers")
}

// RepliesOf lists up to limit (0 for all) of a customer's replies, the newest first.
func (s *Store) RepliesOf(ctx context.Context, customerID string, limit int) ([]presage.Reply, error) {
	rs, err := chosen(ctx, s.r, scanReply, choose(replySelect).and("customer_id = ?", customerID).order("id DESC", limit))
	return rs, wrap(err, "list replies of customer "+customerID)
}

func scanConversation(r row) (presage.Conversation, error) {
	var c presage.Conversation
	err := r.Scan(&c.CustomerID, &c.State, instant{&c.Since}, instant{&c.DueAt}, instant{&c.Until}, &c.Severity,
		why{&c.Reason}, &c.Owner, &c.CaseID, &c.WorkshopID, &c.Lang, instant{&c.UpdatedAt}, &c.Version,
		why{&c.Assigned}, instant{&c.HeldSince})
	return c, err
}
