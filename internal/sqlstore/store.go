package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"presage"
	"presage/internal/sqlstore/migrations"
)

// Store is safe for any number of goroutines, and of processes over one database.
type Store struct {
	w       *sql.DB // writes and transactions; one connection on SQLite
	readers *sql.DB // the same pool as w on PostgreSQL
	r       reader  // where reads go: readers, or the transaction of a snapshot
	locked  string  // ends a SELECT whose rows nobody else may change before the commit
	held    share   // what may be worked on; nil for everything
	sourced *sourced
}

// Open connects to url, brings the schema up to date and returns the store.
// url is "postgres://user:password@host/database?..." or the path of a SQLite
// file, with or without "sqlite:" before it; a file that does not exist is made.
// ErrInvalid: the URL cannot be read. ErrUnavailable: the server does not
// answer or the file cannot be opened; the text shows the password as "***".
func Open(ctx context.Context, url string) (*Store, error) {
	place, err := parsePlace(url)
	if err != nil {
		return nil, err
	}
	s, err := place.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w: %w", place, presage.ErrUnavailable, err)
	}
	if err := s.migrate(ctx, place.dialect()); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate database %s: %w", place, err), s.Close())
	}
	return s, nil
}

// Close waits for running statements and closes all connections.
func (s *Store) Close() error {
	if s.readers == s.w {
		return s.w.Close()
	}
	return errors.Join(s.readers.Close(), s.w.Close())
}

// Ready returns nil when a write would succeed now, else ErrUnavailable.
func (s *Store) Ready(ctx context.Context) error {
	tx, err := s.w.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("database: %w: %w", presage.ErrUnavailable, err)
	}
	// Touches no row, yet fails on a read-only file and on a standby server.
	_, err = tx.ExecContext(ctx, `UPDATE counters SET last = last WHERE name = ''`)
	if err = errors.Join(err, tx.Rollback()); err != nil {
		return fmt.Errorf("database: %w: %w", presage.ErrUnavailable, err)
	}
	return nil
}

// Probe makes a small write, and is nil when it is committed.
func (s *Store) Probe(ctx context.Context) error {
	_, err := s.w.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES ('readiness.probe', '1')
		ON CONFLICT (name) DO UPDATE SET value = CASE settings.value WHEN '1' THEN '0' ELSE '1' END`)
	if err != nil {
		return &presage.PublicError{
			Words: "the database does not take a write", Err: fmt.Errorf("database: %w: %w", presage.ErrUnavailable, err),
		}
	}
	return nil
}

func (s *Store) migrate(ctx context.Context, dialect goose.Dialect) error {
	var opts []goose.ProviderOption
	if dialect == goose.DialectPostgres {
		// Several nodes may start at once: one migrates, the others wait.
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := migrations.New(dialect, s.w, opts...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}
