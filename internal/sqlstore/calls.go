package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"presage"
)

// followCalls keeps the call task of a case in step with its events: one begins
// where a person is to call, and ends when the case is no person's any more.
func followCalls(ctx context.Context, tx *sql.Tx, c presage.Case, ev presage.CaseEvent) error {
	was, is := ev.From == presage.CaseEscalated, ev.To == presage.CaseEscalated
	switch {
	case was && !is:
		why := presage.Because(presage.WhyCaseIs, "state", string(ev.To))
		_, err := tx.ExecContext(ctx, `UPDATE messages SET state = 'suppressed', reason = $2, updated_at = $3
			WHERE case_id = $1 AND channel = 'call' AND state = 'planned'`, c.ID, why.Stored(), micros(ev.At))
		return err
	case is && !was && asksForCall(ev.Reason):
		return putCall(ctx, tx, c, callTask(c, ev.At, ev.At))
	}
	return nil
}

func asksForCall(r presage.Reason) bool {
	return r.Code == presage.WhyCall || slices.ContainsFunc(r.And, asksForCall)
}

// callTask is a call about a case that waits from at on.
func callTask(c presage.Case, now, at time.Time) presage.Message {
	return presage.Message{
		About: c.ID, CaseID: c.ID, VIN: c.VIN, CustomerID: c.CustomerID, Kind: "call", Channel: presage.ChannelCall,
		Safety: c.Severity == presage.Safety, State: presage.MessagePlanned, NotBefore: at, CreatedAt: now, UpdatedAt: now,
	}
}

// putCall numbers and inserts a call; where one waits already, nothing happens.
func putCall(ctx context.Context, tx *sql.Tx, c presage.Case, m presage.Message) error {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM messages WHERE case_id = $1 AND channel = 'call'`, c.ID).
		Scan(&n); err != nil {
		return err
	}
	err := tx.QueryRowContext(ctx, `SELECT lang FROM customers WHERE id = $1`, c.CustomerID).Scan(&m.Lang)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	m.Key = "call/" + c.ID + "/" + strconv.Itoa(n+1)
	m.ID = "m" + m.Key
	args, err := messageArgs(m)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, messageInsertOnce, args...)
	return err
}

// endCall writes what came of a call to the task that waits, or, where somebody
// called unasked, to a new one; and plans the next where it says when.
func endCall(ctx context.Context, tx *sql.Tx, c presage.Case, call presage.CallResult, at time.Time) error {
	m := callTask(c, at, at)
	m.State, m.SentAt = call.Outcome.State(), at
	m.Reason = presage.Because(presage.WhyCalled, "call", string(call.Outcome))
	switch call.Outcome {
	case presage.CallReached:
		m.DeliveredAt, m.SeenAt, m.AnsweredAt = at, at, at
	case presage.CallVoicemail:
		m.DeliveredAt = at
	case presage.CallNoAnswer, presage.CallWrongNumber:
	}
	r, err := tx.ExecContext(ctx, `UPDATE messages SET state = $2, reason = $3, attempts = attempts + 1,
		sent_at = $4, updated_at = $4, delivered_at = $5, seen_at = $6, answered_at = $7
		WHERE case_id = $1 AND channel = 'call' AND state = 'planned'`, c.ID, string(m.State), m.Reason.Stored(),
		micros(at), micros(m.DeliveredAt), micros(m.SeenAt), micros(m.AnsweredAt))
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		m.Attempts = 1
		if err := putCall(ctx, tx, c, m); err != nil {
			return err
		}
	}
	if call.Outcome == presage.CallWrongNumber {
		if _, err := tx.ExecContext(ctx, `UPDATE customers SET bad_phone = phone WHERE id = $1`, c.CustomerID); err != nil {
			return err
		}
	}
	if call.Again.IsZero() || c.State != presage.CaseEscalated {
		return nil
	}
	return putCall(ctx, tx, c, callTask(c, at, call.Again))
}
