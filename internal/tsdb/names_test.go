package tsdb_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// A table full of made-up names still takes every name of ours, and others as
// soon as some are forgotten.
func TestFullTableOfNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const most = 1 << 18
	batch := s.DB().NewBatch()
	for id := uint32(1); id <= most; id++ {
		if err := batch.Set(binary.BigEndian.AppendUint32([]byte{'n'}, id), fmt.Appendf(nil, "s%d", id), nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Commit(pebble.Sync); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if n := len(s.Names()); n != most {
		t.Fatalf("%d names, want %d", n, most)
	}
	write(t, s, storetest.Sample(storetest.VIN(1), 0,
		storetest.Reading(presage.SignalOdometer, presage.Number(1)), storetest.Reading("Presage.x", presage.Number(2)),
		storetest.Reading("s7", presage.Number(3))))
	err = s.Write(t.Context(), []presage.Sample{
		storetest.Sample(storetest.VIN(1), 1, storetest.Reading("new", presage.Number(1))),
	})
	if err == nil {
		t.Error("one name too many was taken")
	}
	if err := s.Forget(t.Context(), []string{"s8", "nowhere", presage.SignalOdometer}); err != nil {
		t.Fatal(err)
	}
	write(t, s, storetest.Sample(storetest.VIN(1), 2, storetest.Reading("new", presage.Number(4))))
}

// Readings under a name forgotten are gone, those beside them are not; the name
// may come again.
func TestForget(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a := storetest.Reading("A", presage.Number(1))
	b := storetest.Reading("B", presage.Number(2))
	speed := storetest.Reading(presage.SignalSpeed, presage.Number(3))
	write(t, s, storetest.Sample(storetest.VIN(1), 0, a, b, speed), storetest.Sample(storetest.VIN(1), 1, a))
	if err := s.Forget(t.Context(), []string{"A", presage.SignalSpeed}); err != nil {
		t.Fatal(err)
	}
	want := []presage.Sample{storetest.Sample(storetest.VIN(1), 0, b, speed)}
	all := func() []presage.Sample {
		return storetest.Collect(t, s.Scan(
			t.Context(), storetest.VIN(1), storetest.Start(), storetest.Start().AddDate(0, 0, 1)))
	}
	equal(t, want, all())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	equal(t, want, all())
	if got := s.Names(); !slices.Equal(got, []string{"B"}) {
		t.Errorf("names %v, want B alone", got)
	}
	write(t, s, storetest.Sample(storetest.VIN(1), 0, a))
	equal(t, []presage.Sample{storetest.Sample(storetest.VIN(1), 0, a, b, speed)}, all())
}
