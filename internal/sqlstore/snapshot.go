package sqlstore

import (
	"context"
	"database/sql"
	"errors"
)

// Snapshot hands f the store as it stands at one moment: whatever f reads
// through at belongs together, though others go on writing. at is for reading,
// by one goroutine, until f returns.
func (s *Store) Snapshot(ctx context.Context, f func(frozen *Store) error) error {
	// Read committed, PostgreSQL's default, would show each statement a newer state.
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return wrap(err, "begin a snapshot")
	}
	err = f(&Store{w: s.w, readers: s.readers, r: tx, held: s.held, sourced: s.sourced})
	if back := tx.Rollback(); err == nil && !errors.Is(back, sql.ErrTxDone) {
		err = wrap(back, "end a snapshot")
	}
	return err
}
