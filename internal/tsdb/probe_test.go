package tsdb_test

import (
	"errors"
	"testing"

	"presage"
	"presage/internal/tsdb"
)

// A probe is a write that leaves no row, and fails where a write would.
func TestProbe(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	for range 3 {
		if err := s.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Rows(t.Context()); n != 0 || err != nil || len(s.Names()) != 0 {
		t.Errorf("%d rows, %v, names %v", n, err, s.Names())
	}
	if empty, err := s.Empty(t.Context()); !empty || err != nil {
		t.Errorf("empty %v, %v", empty, err)
	}
	full, err := tsdb.Open(t.TempDir(), tsdb.Options{MinFreeBytes: 1 << 62})
	if err != nil {
		t.Fatal(err)
	}
	if err := full.Probe(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("below the reserve: %v", err)
	}
	if err := errors.Join(full.Close()); err != nil {
		t.Fatal(err)
	}
	if err := full.Probe(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("after Close: %v", err)
	}
}

// A store keeps its ID, and a copy has the same.
func TestID(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	id, replica := s.ID(), t.TempDir()+"/copy"
	if err := errors.Join(s.Checkpoint(t.Context(), replica), s.Close()); err != nil {
		t.Fatal(err)
	}
	if again, copied := open(t, dir).ID(), open(t, replica).ID(); len(id) != 32 || again != id || copied != id {
		t.Errorf("%s, then %s, in the copy %s", id, again, copied)
	}
	if other := open(t, t.TempDir()).ID(); other == id {
		t.Error("two stores have one ID")
	}
	if tsdb.Exists(t.TempDir()) || !tsdb.Exists(dir) {
		t.Error("Exists does not tell a store from none")
	}
}
