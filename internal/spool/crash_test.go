package spool_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"presage"
	"presage/internal/spool"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// crashDir, when set, makes this test binary the process that is to be killed.
const crashDir = "PRESAGE_SPOOL_CRASH_DIR"

// TestKilled kills a process whose store comes and goes, again and again on
// one directory: every batch whose Write had returned is in the store once the
// spool is empty, each instant with its newest value.
func TestKilled(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(crashDir); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	dir, next := t.TempDir(), 0
	for round := range 5 {
		next = runAndKill(t, dir, next, 150+70*round) + 1
	}
	store, s, w := openReal(t, dir)
	stop := run(t, s)
	w.eventually(t, "drained", func() bool { note, err := s.Health(t.Context()); return note == "" && err == nil })
	stop()
	defer store.Close()
	for slot := range slots {
		last := next - 1 - (next-1-slot+slots)%slots
		at := storetest.Start().Add(time.Duration(slot) * time.Second)
		for sample, err := range store.Scan(t.Context(), storetest.VIN(1), at, at.Add(time.Second)) {
			if err != nil || sample.Readings[0].Value.Number < float64(last) {
				t.Errorf("slot %d holds %v, %v; acknowledged was %d", slot, sample.Readings, err, last)
			}
		}
	}
	if n, err := store.Rows(t.Context()); n != slots || err != nil {
		t.Errorf("%d rows, %v; want %d", n, err, slots)
	}
	t.Logf("%d acknowledged writes over 5 kills, the newest of each instant is there", next)
}

// slots is over how many instants the writes go round, so that order shows.
const slots = 7

// flaky is a real store that is away for every other 20 calls.
type flaky struct {
	*tsdb.Store
	calls atomic.Int64
	never bool // never away
}

func (f *flaky) Write(ctx context.Context, samples []presage.Sample) error {
	if n := f.calls.Add(1); !f.never && n/20%2 == 1 {
		return errAway
	}
	return f.Store.Write(ctx, samples)
}

func openReal(t *testing.T, dir string) (*flaky, *spool.Spool, *world) {
	t.Helper()
	store, err := tsdb.Open(filepath.Join(dir, "telemetry"), tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	f := &flaky{Store: store, never: os.Getenv(crashDir) == ""}
	c := config(filepath.Join(dir, "spool"), 1<<20)
	c.Grace = time.Nanosecond
	s, err := spool.Open(c, spool.Deps{Store: f, Dirty: w, Refused: w.Refused, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return f, s, w
}

// writeUntilKilled prints the number of every write that returned.
func writeUntilKilled(t *testing.T, dir string) {
	t.Helper()
	_, s, _ := openReal(t, dir)
	go func() { _ = s.Run(t.Context()) }()
	begin, err := strconv.Atoi(os.Getenv(crashDir + "_FROM"))
	if err != nil {
		t.Fatal(err)
	}
	for i := begin; ; i++ {
		batch := one(int64(i%slots)*1000, float64(i))
		for {
			if err := s.Write(t.Context(), batch); err == nil {
				break
			} else if !errors.Is(err, presage.ErrUnavailable) {
				t.Fatal(err)
			}
		}
		fmt.Fprintln(os.Stderr, i)
	}
}

// runAndKill lets a child write n batches from number begin, kills it and
// returns the last number it acknowledged.
func runAndKill(t *testing.T, dir string, begin, n int) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), crashDir+"="+dir, crashDir+"_FROM="+strconv.Itoa(begin))
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := begin - 1
	for lines := bufio.NewScanner(out); lines.Scan(); {
		i, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Errorf("child says %q", lines.Text())
			continue
		}
		if last = i; i == begin+n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || last < begin+n {
		t.Fatalf("child ended by itself after %d", last)
	}
	return last
}
