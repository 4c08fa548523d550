package tsdb_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// A checkpoint holds all that was written before it, and nothing half, while
// writes go on.
func TestCheckpoint(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	write(t, s, drive(storetest.VIN(0), 5000)...)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		for i := int64(0); ctx.Err() == nil; i++ {
			pair := []presage.Sample{
				storetest.Sample(storetest.VIN(1), i, storetest.Reading("A", presage.Number(float64(i)))),
				storetest.Sample(storetest.VIN(2), i, storetest.Reading("A", presage.Number(float64(i)))),
			}
			if err := s.Write(ctx, pair); err != nil && ctx.Err() == nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	dir := filepath.Join(t.TempDir(), "copy")
	err := s.Checkpoint(t.Context(), dir)
	stop()
	if err := errors.Join(err, <-ended); err != nil {
		t.Fatal(err)
	}
	rows, err := tsdb.Inspect(t.Context(), dir)
	if err != nil || rows < 5000 {
		t.Fatalf("Inspect: %d rows, %v", rows, err)
	}
	replica := open(t, dir)
	if n, err := replica.RowsOf(t.Context(), storetest.VIN(0)); n != 5000 || err != nil {
		t.Errorf("%d rows of the first vehicle, %v", n, err)
	}
	a, errA := replica.RowsOf(t.Context(), storetest.VIN(1))
	b, errB := replica.RowsOf(t.Context(), storetest.VIN(2))
	if err := errors.Join(errA, errB); err != nil || a != b || rows != 5000+a+b {
		t.Errorf("%d and %d rows of writes that went in together, %d in all, %v", a, b, rows, err)
	}
	if _, err := tsdb.Inspect(t.Context(), t.TempDir()); err == nil {
		t.Error("an empty directory counts as a copy")
	}
}

// A flipped bit in a table is found out: the scan over it says which vehicle,
// and what lies in other blocks is read.
func TestDamagedTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openNow(t, dir)
	const rows = 20_000
	for v := range 3 {
		write(t, s, drive(storetest.VIN(v), rows)...)
	}
	if err := s.DB().Flush(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.DB().Compact(t.Context(), []byte{0}, []byte{0xff}, false), s.Close()); err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Glob(filepath.Join(dir, "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatal(tables, err)
	}
	table := tables[0]
	for _, other := range tables {
		if a, b := stat(t, table), stat(t, other); b > a {
			table = other
		}
	}
	content, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1 // in the middle of the second vehicle
	if err := os.WriteFile(table, content, 0o600); err != nil {
		t.Fatal(err)
	}
	s = openNow(t, dir)
	defer s.Close()
	for v, whole := range []bool{true, false, true} {
		vin, n := storetest.VIN(v), 0
		var fault error
		for _, err := range s.Scan(t.Context(), vin, storetest.Start(), storetest.Start().AddDate(1, 0, 0)) {
			if err != nil {
				fault = err
				continue
			}
			n++
		}
		if whole && (n != rows || fault != nil) {
			t.Errorf("vehicle %d: %d rows, %v; want all %d", v, n, fault, rows)
		}
		if !whole && (n == 0 || !errors.Is(fault, tsdb.ErrCorrupt) ||
			!strings.Contains(fault.Error(), vin.Masked()) || !strings.Contains(fault.Error(), "after 2024-11-21T") ||
			strings.Contains(fault.Error(), string(vin))) {
			t.Errorf("vehicle %d: %d rows, %v; want an ErrCorrupt that names vehicle and time", v, n, fault)
		}
	}
}

func stat(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
