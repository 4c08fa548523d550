package spool_test

import (
	"errors"
	"testing"

	"presage"
)

// A probe goes where a write would go: to the store, and to the journal once
// the store has been away for the grace.
func TestProbe(t *testing.T) {
	t.Parallel()
	w := newWorld()
	s := open(t, w, t.TempDir(), 1<<20)
	if err := s.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.goAway(true)
	if err := s.Probe(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("within the grace: %v", err)
	}
	w.pass(grace)
	if err := s.Probe(t.Context()); err != nil {
		t.Errorf("after it: %v", err)
	}
	put(t, s, one(0, 1))
	if err := s.Probe(t.Context()); err != nil {
		t.Errorf("while something is spooled: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
