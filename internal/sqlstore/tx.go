package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// attempts bounds how often a transaction is run that others get in the way of.
const attempts = 8

// inTx runs f in one transaction and commits when it returns nil. f may run
// again from the start after a lock or deadlock, so it must not keep anything
// from a run that failed; it must use tx alone (SQLite has one writing connection).
func (s *Store) inTx(ctx context.Context, doing string, f func(tx *sql.Tx) error) error {
	var err error
	for try := range attempts {
		if try > 0 {
			if pauseErr := pause(ctx, time.Millisecond<<try); pauseErr != nil {
				break
			}
		}
		if err = s.once(ctx, f); !passing(err) {
			break
		}
	}
	return wrap(err, doing)
}

func (s *Store) once(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		// When the connection is gone the server has rolled back already.
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) && !passing(err) {
			return errors.Join(err, back)
		}
		return err
	}
	return tx.Commit()
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// each runs stmt, prepared once, for every row.
func each[T any](ctx context.Context, tx *sql.Tx, stmt string, rows []T, args func(T) ([]any, error)) error {
	if len(rows) == 0 {
		return nil
	}
	p, err := tx.PrepareContext(ctx, stmt)
	if err != nil {
		return err
	}
	for _, row := range rows {
		a, argsErr := args(row)
		if argsErr != nil {
			return errors.Join(argsErr, p.Close())
		}
		if _, err := p.ExecContext(ctx, a...); err != nil {
			return errors.Join(err, p.Close())
		}
	}
	return p.Close()
}

// write runs prepared statements in a transaction.
type write func(ctx context.Context, tx *sql.Tx) error

// ready makes a write of stmt for every row. The arguments are made at once,
// before a transaction begins: encoding JSON would keep other writers waiting.
func ready[T any](stmt string, rows []T, args func(T) ([]any, error)) (write, error) {
	made := make([][]any, len(rows))
	for i, row := range rows {
		var err error
		if made[i], err = args(row); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, stmt, made, func(a []any) ([]any, error) { return a, nil })
	}, nil
}

// put is a whole transaction that runs stmt for every row.
func put[T any](s *Store, stmt string, rows []T, args func(T) ([]any, error)) func(context.Context, string) error {
	return func(ctx context.Context, doing string) error {
		if len(rows) == 0 {
			return nil
		}
		w, err := ready(stmt, rows, args)
		if err != nil {
			return wrap(err, doing)
		}
		return s.inTx(ctx, doing, func(tx *sql.Tx) error { return w(ctx, tx) })
	}
}

// next takes n numbers of a sequence and returns the first.
func next(ctx context.Context, tx *sql.Tx, sequence string, n int) (int64, error) {
	var last int64
	err := tx.QueryRowContext(ctx,
		`UPDATE counters SET last = last + $1 WHERE name = $2 RETURNING last`, n, sequence).Scan(&last)
	return last - int64(n) + 1, err
}

// changed turns "no row was touched" into sql.ErrNoRows.
func changed(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}
