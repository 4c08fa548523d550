package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"presage"
)

const noticeColumns = `id, kind, recipient, lang, subject, body, link, state, not_before, created_at, updated_at,
	sent_at, attempts, error`

// PutNotices inserts; a known ID is ignored.
func (s *Store) PutNotices(ctx context.Context, ns []presage.Notice) error {
	return put(s, `INSERT INTO notices (`+noticeColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING`, ns,
		func(n presage.Notice) ([]any, error) {
			return []any{
				n.ID, n.Kind, string(n.To), n.Lang, clean(n.Subject), clean(n.Text), n.Link, n.State, micros(n.NotBefore),
				micros(n.CreatedAt), micros(n.UpdatedAt), micros(n.SentAt), n.Attempts, clean(n.Error),
			}, nil
		})(ctx, "put notices")
}

// NoticeKnown tells whether there is a notice with an ID.
func (s *Store) NoticeKnown(ctx context.Context, id string) (bool, error) {
	_, err := one(ctx, s.r, scanString, `SELECT id FROM notices WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, presage.ErrNotFound) {
		return false, nil
	}
	return err == nil, wrap(err, "notice "+id)
}

// ClaimNotices moves notices that may go out now to sending, and those that were
// claimed before stale and never recorded; each goes to one process. Without any
// it writes nothing.
func (s *Store) ClaimNotices(ctx context.Context, now, stale time.Time, limit int) ([]presage.Notice, error) {
	due, err := all(ctx, s.r, scanNotice, `SELECT `+noticeColumns+` FROM notices
		WHERE state = 'planned' AND not_before <= $1 OR state = 'sending' AND updated_at < $2
		ORDER BY not_before, id LIMIT $3`, micros(now), micros(stale), limit)
	if err != nil || len(due) == 0 {
		return nil, wrap(err, "claim notices")
	}
	var mine []presage.Notice
	err = s.inTx(ctx, "claim notices", func(tx *sql.Tx) error {
		mine = nil
		for _, n := range due {
			claimed, err := affected(tx.ExecContext(ctx, `UPDATE notices SET state = 'sending', updated_at = $4,
				attempts = attempts + 1 WHERE id = $1 AND state = $2 AND updated_at = $3`,
				n.ID, string(n.State), micros(n.UpdatedAt), micros(now)))
			if err != nil {
				return err
			}
			if claimed == 0 {
				continue // another process has it
			}
			n.State, n.UpdatedAt, n.Attempts = presage.NoticeSending, now, n.Attempts+1
			mine = append(mine, n)
		}
		return nil
	})
	return mine, err
}

// SaveNotice keeps state, times and error.
func (s *Store) SaveNotice(ctx context.Context, n presage.Notice) error {
	_, err := s.w.ExecContext(ctx, `UPDATE notices SET state = $2, not_before = $3, updated_at = $4, sent_at = $5,
		error = $6
		WHERE id = $1`, n.ID, string(n.State), micros(n.NotBefore), micros(n.UpdatedAt), micros(n.SentAt), clean(n.Error))
	return wrap(err, "save notice "+n.ID)
}

// DayFigures counts what came of outreach in [from, to), at one workshop or, for "", at all.
func (s *Store) DayFigures(ctx context.Context, workshopID string, from, to time.Time) (presage.DayFigures, error) {
	const of = ` AND ($3 = '' OR workshop_id = $3)`
	const byCase = ` AND case_id IN (SELECT id FROM cases WHERE $3 = '' OR workshop_id = $3)`
	return s.figures(ctx, []any{micros(from), micros(to), workshopID}, []string{
		`SELECT COUNT(*) FROM offers WHERE created_at >= $1 AND created_at < $2` + byCase,
		`SELECT COUNT(*) FROM messages WHERE sent_at >= $1 AND sent_at < $2 AND channel <> 'call'` + byCase,
		`SELECT COUNT(*) FROM offers WHERE answered_at >= $1 AND answered_at < $2
			AND answer IN ('booked', 'declined')` + byCase,
		`SELECT COUNT(*) FROM bookings WHERE created_at >= $1 AND created_at < $2` + of,
		`SELECT COUNT(*) FROM bookings WHERE updated_at >= $1 AND updated_at < $2 AND state = 'cancelled'` + of,
		`SELECT COUNT(*) FROM bookings WHERE updated_at >= $1 AND updated_at < $2 AND state = 'no_show'` + of,
		`SELECT COUNT(*) FROM bookings WHERE start_at >= $1 AND start_at < $2 AND state IN ('arrived', 'done')` + of,
		`SELECT COUNT(*) FROM cases WHERE opened_at < $2 AND $1 < $2 AND state = 'escalated'` + of,
	})
}

func (s *Store) figures(ctx context.Context, args []any, statements []string) (f presage.DayFigures, err error) {
	to := []*int{&f.Offers, &f.Messages, &f.Answered, &f.Booked, &f.Cancelled, &f.NoShows, &f.Visits, &f.Waiting}
	for i, stmt := range statements {
		if err := s.r.QueryRowContext(ctx, stmt, args...).Scan(to[i]); err != nil {
			return f, wrap(err, "figures of a day")
		}
	}
	return f, nil
}

func scanNotice(r row) (n presage.Notice, err error) {
	err = r.Scan(&n.ID, &n.Kind, &n.To, &n.Lang, &n.Subject, &n.Text, &n.Link, &n.State, instant{&n.NotBefore},
		instant{&n.CreatedAt}, instant{&n.UpdatedAt}, instant{&n.SentAt}, &n.Attempts, &n.Error)
	return n, err
}
