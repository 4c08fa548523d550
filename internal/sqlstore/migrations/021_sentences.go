package migrations

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// sentencesToReasons reads the sentences of case events and messages anew, as
// reasons. It is not undone: the programs before show a reason as any text.
func sentencesToReasons() *goose.Migration {
	return goose.NewGoMigration(21, &goose.GoFunc{RunTx: toReasons}, nil)
}

func toReasons(ctx context.Context, tx *sql.Tx) error {
	known := sentences{fixed: fixedSentences(), forms: forms()}
	err := rewrite(ctx, tx, pass{
		read: `SELECT case_id, n, from_state, to_state, why FROM case_events
			WHERE (case_id, n) > ($1, $2) ORDER BY case_id, n LIMIT 500`,
		write: `UPDATE case_events SET why = $3 WHERE case_id = $1 AND n = $2`,
		value: func(r stored) []any { return []any{r.id, r.n, known.event(r.text, r.from, r.to).Stored()} },
	})
	if err != nil {
		return err
	}
	return rewrite(ctx, tx, pass{
		read: `SELECT id, 0, '', state, error FROM messages
			WHERE error <> '' AND (id, 0) > ($1, $2) ORDER BY id LIMIT 500`,
		write: `UPDATE messages SET reason = $2, error = $3 WHERE id = $1`,
		value: func(r stored) []any {
			reason, rest := known.message(r.text, r.to)
			return []any{r.id, reason.Stored(), rest}
		},
	})
}

// stored is one row with a sentence.
type stored struct {
	id       string
	n        int64
	from, to string // states; a message has its own in to
	text     string
}

// pass reads rows in order of their key, some at a time, and writes each anew.
type pass struct {
	read, write string
	value       func(stored) []any
}

func rewrite(ctx context.Context, tx *sql.Tx, p pass) error {
	var last stored
	for {
		rows, err := page(ctx, tx, p.read, last)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if _, err := tx.ExecContext(ctx, p.write, p.value(r)...); err != nil {
				return err
			}
		}
		last = rows[len(rows)-1]
	}
}

func page(ctx context.Context, tx *sql.Tx, read string, after stored) (list []stored, err error) {
	rows, err := tx.QueryContext(ctx, read, after.id, after.n)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r stored
		if err := rows.Scan(&r.id, &r.n, &r.from, &r.to, &r.text); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}
