package tsdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"presage"
	"presage/internal/disk"
)

// Checkpoint makes a copy in dir, which must not exist: every Write that had
// returned is in it, and others may go on meanwhile. Open opens it.
func (s *Store) Checkpoint(ctx context.Context, dir string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("copy telemetry: %w", err)
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.users.Done()
	if err := s.db.Checkpoint(dir, pebble.WithFlushedWAL()); err != nil {
		return fmt.Errorf("copy telemetry from %s to %s: %w: %w", s.place.Dir, dir, presage.ErrUnavailable, err)
	}
	return nil
}

// Inspect counts the rows of a copy that nobody has open, by a scan of all
// keys, and changes nothing in it. An error says that it cannot be read.
func Inspect(ctx context.Context, dir string) (rows int64, err error) {
	place := disk.Place{What: "telemetry", Dir: dir}
	p := pebbleOptions(Options{})
	p.ReadOnly, p.ErrorIfNotExists = true, true
	db, err := pebble.Open(dir, p)
	if err != nil {
		return 0, place.OpenError(err)
	}
	s := &Store{db: db, place: place}
	if err = s.load(); err == nil {
		rows, err = s.Rows(ctx)
	}
	return rows, errors.Join(err, s.Close())
}
