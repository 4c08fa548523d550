package sqlstore

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"presage"
)

// DeadLetterFilter selects dead letters; empty fields select all.
type DeadLetterFilter struct {
	Reason   string
	VIN      presage.VIN
	AfterID  int64 // the last ID of the page before
	Limit    int   // 0 for all
	OnlyOpen bool  // those that were not driven again
}

const deadLetterColumns = `id, received, topic, payload, reason, detail, redriven, vin`

// PutDeadLetters keeps messages that could not be taken in; the store numbers them.
func (s *Store) PutDeadLetters(ctx context.Context, ds []presage.DeadLetter) error {
	_, err := s.HoldDeadLetters(ctx, ds, nil)
	return err
}

// insertLetters writes ds under the numbers from id on.
func insertLetters(ctx context.Context, tx *sql.Tx, id int64, ds []presage.DeadLetter) error {
	const stmt = `INSERT INTO dead_letters (` + deadLetterColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	return each(ctx, tx, stmt, ds, func(d presage.DeadLetter) ([]any, error) {
		args := []any{
			id, micros(d.Received), clean(d.Topic), append([]byte{}, d.Payload...),
			clean(d.Reason), clean(d.Detail), micros(d.Redriven), d.VIN,
		}
		id++
		return args, nil
	})
}

// DeadLetters lists dead letters by ascending ID.
func (s *Store) DeadLetters(ctx context.Context, f DeadLetterFilter) ([]presage.DeadLetter, error) {
	q := choose(`SELECT `+deadLetterColumns+` FROM dead_letters`).
		is("reason", f.Reason).is("vin", string(f.VIN)).and("id > ?", f.AfterID)
	if f.OnlyOpen {
		q.and("redriven = ?", 0)
	}
	ds, err := chosen(ctx, s.r, func(r row) (presage.DeadLetter, error) {
		var d presage.DeadLetter
		err := r.Scan(&d.ID, instant{&d.Received}, &d.Topic, &d.Payload, &d.Reason, &d.Detail, instant{&d.Redriven}, &d.VIN)
		return d, err
	}, q.order("id", f.Limit))
	return ds, wrap(err, "list dead letters")
}

// DeadLetterCounts counts the dead letters that were not driven again, by reason.
func (s *Store) DeadLetterCounts(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	_, err := all(ctx, s.r, func(r row) (struct{}, error) {
		var reason string
		var n int64
		err := r.Scan(&reason, &n)
		out[reason] = n
		return struct{}{}, err
	}, `SELECT reason, COUNT(*) FROM dead_letters WHERE redriven = 0 GROUP BY reason`)
	return out, wrap(err, "count dead letters")
}

// MarkRedriven notes when a dead letter was driven again, or ErrNotFound.
func (s *Store) MarkRedriven(ctx context.Context, id int64, at time.Time) error {
	return s.inTx(ctx, "mark dead letter "+strconv.FormatInt(id, 10), func(tx *sql.Tx) error {
		if err := letGo(ctx, tx, id); err != nil {
			return err
		}
		return changed(tx.ExecContext(ctx, `UPDATE dead_letters SET redriven = $2 WHERE id = $1`, id, micros(at)))
	})
}
