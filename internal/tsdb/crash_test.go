package tsdb_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// crashDir, when set, makes this test binary the process that is to be killed.
const crashDir = "PRESAGE_TSDB_CRASH_DIR"

// TestKilled kills a writing process, again and again on one directory, and
// looks for every sample whose Write had returned.
func TestKilled(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(crashDir); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	dir := t.TempDir()
	acknowledged := -1
	for round := range 4 {
		acknowledged = max(acknowledged, runAndKill(t, dir, 40+60*round))
		s, err := tsdb.Open(dir, tsdb.Options{})
		if err != nil {
			t.Fatalf("after kill %d: %v", round, err)
		}
		for i := range acknowledged + 1 {
			want := crashSample(i)
			got := storetest.Collect(t, s.Scan(t.Context(), want.VIN, want.Time, want.Time.Add(time.Millisecond)))
			equal(t, []presage.Sample{storetest.Copy(want)}, got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d acknowledged writes, all there", acknowledged+1)
}

// crashSample is the i-th write: every one brings a signal name of its own and
// every third is older than the one before, so that names, sets and merges all cross the crash.
func crashSample(i int) presage.Sample {
	ms := int64(i) * 10
	if i%3 == 2 {
		ms -= 25
	}
	return storetest.Sample(storetest.VIN(i%5), ms,
		storetest.Reading("Shared", presage.Number(float64(i))),
		storetest.Reading("Own"+strconv.Itoa(i), presage.String(strconv.Itoa(i))))
}

// writeUntilKilled prints the number of every write that returned.
func writeUntilKilled(t *testing.T, dir string) {
	t.Helper()
	s, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		if err := s.Write(t.Context(), []presage.Sample{crashSample(i)}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(os.Stderr, i)
	}
}

// runAndKill lets a child write until it acknowledged number n, kills it and
// returns the last number it acknowledged.
func runAndKill(t *testing.T, dir string, n int) int {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := -1
	for lines := bufio.NewScanner(out); lines.Scan(); {
		i, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Errorf("child says %q", lines.Text())
			continue
		}
		last = i
		if i == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || last < n {
		t.Fatalf("child ended by itself after %d", last)
	}
	return last
}
