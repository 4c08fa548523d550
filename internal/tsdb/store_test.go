package tsdb_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

func open(tb testing.TB, dir string) *tsdb.Store {
	tb.Helper()
	s, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Store {
		t.Helper()
		return open(t, t.TempDir())
	})
}

// Everything, names and newest times too, comes back after a restart.
func TestReopen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := storetest.Reading("A", presage.Number(1))
	b := storetest.Reading("B", presage.String("x"))
	c := storetest.Reading("C", presage.Array([]float64{1, 2.5}))
	for _, reading := range []presage.Reading{c, a, b} {
		s, err := tsdb.Open(dir, tsdb.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sample := storetest.Sample(storetest.VIN(1), 0, reading)
		if err := s.Write(t.Context(), []presage.Sample{sample}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	got := storetest.Collect(t, open(t, dir).Scan(
		t.Context(), storetest.VIN(1), storetest.Start(), storetest.Start().AddDate(0, 0, 1)))
	want := []presage.Sample{storetest.Sample(storetest.VIN(1), 0, a, b, c)}
	equal(t, want, got)
}

func TestDirectoryInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir)
	_, err := tsdb.Open(dir, tsdb.Options{})
	if !errors.Is(err, presage.ErrConflict) {
		t.Fatalf("second Open: %v; want ErrConflict", err)
	}
	if text := err.Error(); !strings.Contains(text, dir) || !strings.Contains(text, "stop that one") {
		t.Errorf("%q must name the directory and say what to do", text)
	}
}

func TestOpenWhereAFileIs(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/file"
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := tsdb.Open(path, tsdb.Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("Open: %v; want an error that names the path", err)
	}
}

// A nearly full disk holds writes back instead of breaking in the middle of one.
func TestDiskNearlyFull(t *testing.T) {
	t.Parallel()
	s, err := tsdb.Open(t.TempDir(), tsdb.Options{MinFreeBytes: 1 << 62})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	sample := storetest.Sample(storetest.VIN(1), 0, storetest.Reading("A", presage.Number(1)))
	for _, err := range []error{s.Ready(t.Context()), s.Write(t.Context(), []presage.Sample{sample})} {
		if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "must stay free") {
			t.Errorf("%v; want ErrUnavailable that speaks of the disk", err)
		}
	}
}
