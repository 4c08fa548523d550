package tsdb_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// What is older goes, to the millisecond and for every vehicle; what is newer
// stays; late rows are stored and go with the next pass.
func TestExpire(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	one := storetest.Reading("A", presage.Number(1))
	const vehicles = 2500 // more than one pass takes at once
	for v := range vehicles {
		write(t, s, storetest.Sample(storetest.VIN(v), 0, one), storetest.Sample(storetest.VIN(v), 999, one),
			storetest.Sample(storetest.VIN(v), 1000, one))
	}
	write(t, s, storetest.Sample(storetest.VIN(vehicles), 1000, one))
	before := storetest.Start().Add(time.Second)
	out, err := s.Expire(t.Context(), before)
	if err != nil || out.Vehicles != vehicles {
		t.Errorf("%+v, %v; want %d vehicles", out, err, vehicles)
	}
	if n, err := s.Rows(t.Context()); n != vehicles+1 || err != nil {
		t.Errorf("%d rows are left, %v; want %d", n, err, vehicles+1)
	}
	late := storetest.Sample(storetest.VIN(3), 500, one)
	write(t, s, late)
	want := []presage.Sample{late, storetest.Sample(storetest.VIN(3), 1000, one)}
	day := func() []presage.Sample {
		return storetest.Collect(t, s.Scan(t.Context(), storetest.VIN(3), storetest.Start(), before.AddDate(0, 0, 1)))
	}
	equal(t, want, day())
	if out, err := s.Expire(t.Context(), before); err != nil || out.Vehicles != 1 {
		t.Errorf("the next pass: %+v, %v; want 1 vehicle", out, err)
	}
	equal(t, want[1:], day())
}

func write(t *testing.T, s *tsdb.Store, samples ...presage.Sample) {
	t.Helper()
	if err := s.Write(t.Context(), samples); err != nil {
		t.Fatal(err)
	}
}

// The disk space of expired rows comes back, also across restarts.
func TestExpireFreesTheDisk(t *testing.T) {
	t.Parallel()
	const vehicles, days, perDay = 5, 40, 2000
	dir, noise := t.TempDir(), rand.New(rand.NewPCG(1, 2))
	s := openNow(t, dir)
	for d := range days {
		var batch []presage.Sample
		for v := range vehicles {
			for i := range perDay {
				batch = append(batch, storetest.Sample(storetest.VIN(v), int64(d)*86_400_000+int64(i)*1000,
					storetest.Reading("A", presage.Number(noise.Float64())), storetest.Reading("B", presage.Number(noise.Float64()))))
			}
		}
		write(t, s, batch...)
	}
	s = reopen(t, s, dir)
	full, compacted := size(t, dir), 0
	for d := 1; d <= days/2; d++ {
		out, err := s.Expire(t.Context(), storetest.Start().AddDate(0, 0, d))
		if err != nil || out.Vehicles != vehicles {
			t.Fatalf("day %d: %+v, %v", d, out, err)
		}
		if out.Compacted {
			compacted++
		}
		if d == 3 {
			s = reopen(t, s, dir)
		}
	}
	defer s.Close()
	deadline, tick := time.After(2*time.Minute), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	left := size(t, dir)
	for ; float64(left) > 0.6*float64(full); left = size(t, dir) {
		select {
		case <-tick.C: // files are removed in the background
		case <-deadline:
			t.Fatalf("%d of %d bytes are left after half of the rows have expired", left, full)
		}
	}
	// A day is 1/40 of the tables at first and 1/20 in the end: a sixteenth takes two or three passes.
	if compacted < 2 || compacted > 15 {
		t.Errorf("%d compactions in %d passes; a sixteenth must have gathered before each", compacted, days/2)
	}
	if n, err := s.Rows(t.Context()); n != vehicles*days/2*perDay || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	t.Logf("%d bytes with %d days, %d with half of them, %d compactions", full, days, left, compacted)
}

func openNow(t *testing.T, dir string) *tsdb.Store {
	t.Helper()
	s, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func reopen(t *testing.T, s *tsdb.Store, dir string) *tsdb.Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return openNow(t, dir)
}

// size is how many bytes the tables in dir take.
func size(t *testing.T, dir string) (n int64) {
	t.Helper()
	tables, err := filepath.Glob(filepath.Join(dir, "*.sst"))
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var info fs.FileInfo
		if info, err = os.Stat(table); err == nil { // it may go away meanwhile
			n += info.Size()
		}
	}
	return n
}
