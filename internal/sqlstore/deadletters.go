package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"

	"presage"
)

const deadLetterColumns = `id, received, last_received, times, topic, payload, reason, detail, redriven, vin`

// PutDeadLetters keeps messages that could not be taken in; the store numbers
// them. Topic, reason and payload are the identity of a letter as long as it
// was not driven again: one that is there already is counted in Times when it
// was received after LastReceived, so that putting the same letters twice
// changes nothing. It keeps its first detail.
func (s *Store) PutDeadLetters(ctx context.Context, ds []presage.DeadLetter) error {
	if len(ds) == 0 {
		return nil
	}
	return s.inTx(ctx, "put dead letters", func(tx *sql.Tx) error {
		id, err := next(ctx, tx, "dead_letters", len(ds))
		if err != nil {
			return err
		}
		return insertLetters(ctx, tx, id, ds)
	})
}

// insertLetters writes ds under the numbers from id on.
func insertLetters(ctx context.Context, tx *sql.Tx, id int64, ds []presage.DeadLetter) error {
	const stmt = `INSERT INTO dead_letters (` + deadLetterColumns + `, identity)
		VALUES ($1, $2, $2, 1, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (identity) WHERE redriven = 0 DO UPDATE
		SET times = dead_letters.times + 1, last_received = excluded.last_received
		WHERE excluded.last_received > dead_letters.last_received`
	return each(ctx, tx, stmt, ds, func(d presage.DeadLetter) ([]any, error) {
		args := []any{
			id, micros(d.Received), clean(d.Topic), append([]byte{}, d.Payload...),
			clean(d.Reason), clean(d.Detail), micros(d.Redriven), d.VIN, letterIdentity(d),
		}
		id++
		return args, nil
	})
}

// letterIdentity is the SHA-256 of topic, reason and payload, each with its length before it.
func letterIdentity(d presage.DeadLetter) string {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(clean(d.Topic)), []byte(clean(d.Reason)), d.Payload} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// DeadLetters lists dead letters by ascending ID.
func (s *Store) DeadLetters(ctx context.Context, f presage.DeadLetterFilter) ([]presage.DeadLetter, error) {
	ds, err := chosen(ctx, s.r, func(r row) (presage.DeadLetter, error) {
		var d presage.DeadLetter
		err := r.Scan(&d.ID, instant{&d.Received}, instant{&d.LastReceived}, &d.Times,
			&d.Topic, &d.Payload, &d.Reason, &d.Detail, instant{&d.Redriven}, &d.VIN)
		return d, err
	}, letters(f, deadLetterColumns).order("id", f.Limit))
	return ds, wrap(err, "list dead letters")
}

// headColumns are deadLetterColumns with the first 4 KiB of the payload, and its size.
const headColumns = `id, received, last_received, times, topic, SUBSTR(payload, 1, 4096), LENGTH(payload), ` +
	`reason, detail, redriven, vin`

// DeadLetterHeads is DeadLetters for people, who do not read megabytes: of each
// payload it has the first 4 KiB, and the Size.
func (s *Store) DeadLetterHeads(ctx context.Context, f presage.DeadLetterFilter) ([]presage.DeadLetter, error) {
	ds, err := chosen(ctx, s.r, func(r row) (presage.DeadLetter, error) {
		var d presage.DeadLetter
		err := r.Scan(&d.ID, instant{&d.Received}, instant{&d.LastReceived}, &d.Times,
			&d.Topic, &d.Payload, &d.Size, &d.Reason, &d.Detail, instant{&d.Redriven}, &d.VIN)
		return d, err
	}, letters(f, headColumns).order("id", f.Limit))
	return ds, wrap(err, "list dead letters")
}

// DeadLetterPage is DeadLetters for a program that reads all of them: a page
// ends before its payloads are more than bytes together, after one at the least.
func (s *Store) DeadLetterPage(
	ctx context.Context, f presage.DeadLetterFilter, bytes int64,
) ([]presage.DeadLetter, error) {
	sizes, err := chosen(ctx, s.r, func(r row) (n int64, err error) {
		var id int64
		err = r.Scan(&id, &n)
		return n, err
	}, letters(f, "id, LENGTH(payload)").order("id", f.Limit))
	if err != nil || len(sizes) == 0 {
		return nil, wrap(err, "list dead letters")
	}
	sum := sizes[0]
	for f.Limit = 1; f.Limit < len(sizes) && sum+sizes[f.Limit] <= bytes; f.Limit++ {
		sum += sizes[f.Limit]
	}
	return s.DeadLetters(ctx, f)
}

// letters selects columns of the letters that f names.
func letters(f presage.DeadLetterFilter, columns string) *selection {
	q := choose(`SELECT `+columns+` FROM dead_letters`).
		is("reason", f.Reason).is("vin", string(f.VIN)).and("id > ?", f.AfterID)
	if f.OnlyOpen {
		q.and("redriven = ?", 0)
	}
	return q
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

// PurgeRedriven removes the letters that were driven again before a time: what
// they held is stored. It returns how many there were.
func (s *Store) PurgeRedriven(ctx context.Context, before time.Time) (int64, error) {
	done, err := s.w.ExecContext(ctx, `DELETE FROM dead_letters WHERE redriven > 0 AND redriven < $1`, micros(before))
	if err != nil {
		return 0, wrap(err, "purge dead letters")
	}
	n, err := done.RowsAffected()
	return n, wrap(err, "purge dead letters")
}
