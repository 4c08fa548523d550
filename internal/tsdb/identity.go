package tsdb

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2"
)

// ID is which store this is: made with it, the same in copies of it.
func (s *Store) ID() string { return s.id }

// identify reads the store's ID, or gives it one.
func (s *Store) identify() error {
	value, closer, err := s.db.Get([]byte{idKey})
	if err == nil {
		s.id = string(value)
		return closer.Close()
	}
	if !errors.Is(err, pebble.ErrNotFound) {
		return err
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails (crypto/rand)
	s.id = hex.EncodeToString(id[:])
	return s.db.Set([]byte{idKey}, []byte(s.id), pebble.Sync)
}

// Exists tells whether a database is in dir, readable or not.
func Exists(dir string) bool {
	for _, pattern := range []string{"marker.*", "MANIFEST-*", "CURRENT", "*.sst", "*.log"} {
		if found, err := filepath.Glob(filepath.Join(dir, pattern)); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}

// Empty tells whether the store holds no row.
func (s *Store) Empty(ctx context.Context) (empty bool, err error) {
	if err := s.enter(); err != nil {
		return false, err
	}
	defer s.users.Done()
	rows := &pebble.IterOptions{LowerBound: []byte{rowKey}, UpperBound: []byte{rowKey + 1}}
	it, err := s.db.NewIterWithContext(ctx, rows)
	if err != nil {
		return false, s.place.OpenError(err)
	}
	empty = !it.First()
	return empty, it.Close()
}
