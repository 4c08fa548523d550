package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"presage"
)

// ClaimMessages takes up to limit (0 for all) planned messages over a channel
// ("" for any; a call is a person's) whose NotBefore is reached, safety first:
// they become sending, with one attempt more and UpdatedAt now, before they are
// returned. Two callers never get the
// same message. Who dies with a claim leaves it to Sending.
//
// A customer's messages over one channel keep their order: the first is claimed
// alone, and the next one not before its end is saved.
func (s *Store) ClaimMessages(ctx context.Context, over presage.ChannelName, now time.Time, limit int,
) ([]presage.Message, error) {
	if limit <= 0 {
		limit = everything
	}
	// Most passes find nothing, and a transaction that writes makes others wait.
	if due, err := s.due(ctx, over, now); err != nil || !due {
		return nil, wrap(err, "claim messages")
	}
	var claimed []presage.Message
	err := s.inTx(ctx, "claim messages", func(tx *sql.Tx) error {
		// Claimers take turns: each sees what the one before is sending.
		if _, err := next(ctx, tx, "claims", 1); err != nil {
			return err
		}
		var err error
		// Numbered, not compared in pairs: without fresh statistics PostgreSQL
		// compares each with all, for minutes when thousands become due at once.
		claimed, err = all(ctx, tx, scanMessage, `UPDATE messages
			SET state = 'sending', attempts = attempts + 1, updated_at = $1
			WHERE state = 'planned' AND id IN (SELECT id FROM (
				SELECT id, state, safety, not_before, created_at, ROW_NUMBER() OVER (PARTITION BY customer_id, workshop_id, channel
					ORDER BY state = 'sending' DESC, safety DESC, not_before, created_at, id) AS place
				FROM messages WHERE state IN ('planned', 'sending') AND channel <> 'call'
					AND (state = 'sending' OR not_before <= $1) AND ($3 = '' OR channel = $3)) waiting
				WHERE place = 1 AND state = 'planned' ORDER BY safety DESC, not_before, created_at, id LIMIT $2 + 0)
			RETURNING `+messageColumns, micros(now), limit, string(over))
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(claimed, func(a, b presage.Message) int {
		switch {
		case a.Safety && !b.Safety:
			return -1
		case b.Safety && !a.Safety:
			return 1
		}
		return cmp.Or(a.NotBefore.Compare(b.NotBefore), a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	return claimed, nil
}

// due tells whether a message waits whose time has come. One that is planned
// right after is found by the next pass. That a message is about safety or not
// lets the index of what is planned serve.
func (s *Store) due(ctx context.Context, over presage.ChannelName, now time.Time) (due bool, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM messages
		WHERE state = 'planned' AND safety IN (TRUE, FALSE) AND not_before <= $1
			AND channel <> 'call' AND ($2 = '' OR channel = $2))`, micros(now), string(over)).Scan(&due)
	return due, err
}

// RenewClaim moves the claim of a message from was to now. ErrConflict when it
// is not claimed since was any more: somebody else took it over or recorded it.
func (s *Store) RenewClaim(ctx context.Context, id string, was, now time.Time) error {
	err := changed(s.w.ExecContext(ctx, `UPDATE messages SET updated_at = $3
		WHERE id = $1 AND state = 'sending' AND updated_at = $2`, id, micros(was), micros(now)))
	if errors.Is(err, sql.ErrNoRows) {
		err = presage.ErrConflict
	}
	return wrap(err, "renew the claim of message "+id)
}

// Sending lists messages that were claimed before olderThan and never saved
// since: the provider may or may not have them, so ask it first.
func (s *Store) Sending(ctx context.Context, olderThan time.Time) ([]presage.Message, error) {
	q := choose(`SELECT `+messageColumns+` FROM messages`).
		and("state = 'sending' AND updated_at < ?", micros(olderThan)).order("updated_at, id", 0)
	ms, err := chosen(ctx, s.r, scanMessage, q)
	return ms, wrap(err, "list messages being sent")
}
