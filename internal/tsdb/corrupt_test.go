package tsdb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// A broken row is named and skipped; its neighbours are still read, and
// compactions that meet it go on.
func TestBrokenRow(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	vin, at := storetest.VIN(1), storetest.Start().UnixMilli()
	one := storetest.Reading("A", presage.Number(1))
	want := []presage.Sample{storetest.Sample(vin, 0, one), storetest.Sample(vin, 9, one)}
	if err := s.Write(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]byte{{0x13}, {0x1e, 1}, {0x19, 200, 1, 'x'}, {0xf1, 0xff, 0x7f, 2}, {0x0f}} {
		key := tsdb.RowKey(vin, at+1+int64(i))
		if err := s.DB().Set(key, row, pebble.Sync); err != nil {
			t.Fatal(err)
		}
		// What is written later to the same instant does not hide the damage.
		late := storetest.Sample(vin, 1+int64(i), one)
		if err := s.Write(t.Context(), []presage.Sample{late, late}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		checkBroken(t, s, want)
		if err := s.DB().Compact(t.Context(), []byte{0}, []byte{0xff}, false); err != nil {
			t.Fatalf("compact: %v", err)
		}
	}
}

func checkBroken(t *testing.T, s *tsdb.Store, want []presage.Sample) {
	t.Helper()
	vin := storetest.VIN(1)
	var got []presage.Sample
	var faults []error
	for sample, err := range s.Scan(t.Context(), vin, storetest.Start(), storetest.Start().AddDate(0, 0, 1)) {
		if err != nil {
			faults = append(faults, err)
			continue
		}
		got = append(got, storetest.Copy(sample))
	}
	equal(t, want, got)
	if len(faults) != 5 {
		t.Fatalf("%d broken rows, want 5: %v", len(faults), faults)
	}
	text := faults[0].Error()
	if !errors.Is(faults[0], tsdb.ErrCorrupt) || !strings.Contains(text, vin.Masked()) ||
		!strings.Contains(text, "2024-11-21T07:16:30.124Z") || strings.Contains(text, string(vin)) {
		t.Errorf("%q must be ErrCorrupt and name the masked VIN and the time", text)
	}
}

// A directory of another format is left alone.
func TestUnknownFormat(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.DB().Set([]byte{'f'}, []byte{99}, pebble.Sync), s.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := tsdb.Open(dir, tsdb.Options{}); !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), dir) {
		t.Errorf("Open: %v; want an ErrInvalid that names the directory", err)
	}
}
