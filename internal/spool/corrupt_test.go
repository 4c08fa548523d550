package spool_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/cockroachdb/pebble/v2"

	"presage"
	"presage/internal/spool"
)

// A batch that cannot be read in full holds up nothing: what can be read of it
// is stored, its bytes are set aside, and the batches behind it follow.
func TestBrokenBatch(t *testing.T) {
	t.Parallel()
	dir, w := t.TempDir(), newWorld()
	s := open(t, w, dir, 1<<20)
	down(t, w, s)
	put(t, s, append(one(0, 1), one(1, 2)...))
	put(t, s, one(2, 3))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	key := func(kind byte) []byte { return binary.BigEndian.AppendUint64([]byte{kind}, 0) }
	change(t, dir, func(db *pebble.DB) error {
		value, closer, err := db.Get(key('b'))
		if err != nil {
			return err
		}
		cut := append([]byte(nil), value[:len(value)-1]...)
		return errors.Join(closer.Close(), db.Set(key('b'), cut, pebble.Sync))
	})
	w.goAway(false)
	s = open(t, w, dir, 1<<20)
	stop := run(t, s)
	w.eventually(t, "drained", func() bool { return len(w.stored()) == 2 })
	w.eventually(t, "empty", func() bool { note, err := s.Health(t.Context()); return note == "" && err == nil })
	stop()
	at := func(ms int64) string { return identity(one(ms, 0)[0], one(ms, 0)[0].Readings[0]) }
	same(t, w, map[string]presage.Value{at(0): presage.Number(1), at(2): presage.Number(3)})
	change(t, dir, func(db *pebble.DB) error {
		value, closer, err := db.Get(key('x'))
		if err != nil || len(value) == 0 {
			t.Errorf("%d bytes set aside, %v", len(value), err)
			return nil
		}
		return closer.Close()
	})
}

// A directory of another format is left alone.
func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	dir, w := t.TempDir(), newWorld()
	if err := open(t, w, dir, 1).Close(); err != nil {
		t.Fatal(err)
	}
	change(t, dir, func(db *pebble.DB) error { return db.Set([]byte{'f'}, []byte{9}, pebble.Sync) })
	if _, err := spool.Open(config(dir, 1), w.deps()); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("Open: %v, want an ErrInvalid", err)
	}
}

// change opens a closed journal as the database that it is.
func change(t *testing.T, dir string, f func(*pebble.DB) error) {
	t.Helper()
	db, err := pebble.Open(dir, &pebble.Options{FormatMajorVersion: pebble.FormatTableFormatV6})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f(db), db.Close()); err != nil {
		t.Fatal(err)
	}
}
