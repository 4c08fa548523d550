package spool_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/internal/spool"
	"presage/internal/storetest"
)

// A store that answers gets every batch at once; a short failure is the caller's.
func TestDirect(t *testing.T) {
	t.Parallel()
	w := newWorld()
	s := open(t, w, t.TempDir(), 1<<20)
	defer run(t, s)()
	put(t, s, one(0, 1))
	w.goAway(true)
	for range 3 {
		if err := s.Write(t.Context(), one(1, 2)); !errors.Is(err, presage.ErrUnavailable) {
			t.Fatalf("within the grace: %v", err)
		}
	}
	w.goAway(false)
	put(t, s, one(1, 2))
	w.goAway(true)
	w.pass(time.Hour) // the clock of the grace starts anew
	if err := s.Write(t.Context(), one(2, 3)); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatalf("the first failure of another outage: %v", err)
	}
	if len(w.writes) != 2 || len(w.dirty) != 0 {
		t.Errorf("%d writes, %d days marked; ingest marks what is written at once", len(w.writes), len(w.dirty))
	}
}

// Outage and return: nothing is lost, the order is kept, newer values win,
// refused readings are handed over, and the days are marked once more.
func TestOutage(t *testing.T) {
	t.Parallel()
	w := newWorld()
	s := open(t, w, t.TempDir(), 1<<20)
	put(t, s, one(0, 1))
	down(t, w, s)
	put(t, s, one(0, 2))
	put(t, s, one(86_400_000, 3))
	bad := []presage.Sample{storetest.Sample(storetest.VIN(1), 5,
		storetest.Reading("A", presage.Number(5)), storetest.Reading("", presage.Number(6)))}
	put(t, s, bad)
	w.goAway(false)
	put(t, s, one(0, 4)) // the store is back, yet this must not go in before what is spooled
	if got := w.stored(); len(got) != 1 {
		t.Fatalf("%d readings reached the store before the drain", len(got))
	}
	stop := run(t, s)
	defer stop()
	w.eventually(t, "drained", func() bool { return len(w.stored()) == 3 })
	w.eventually(t, "empty", func() bool { note, err := s.Health(t.Context()); return note == "" && err == nil })
	put(t, s, one(0, 9))
	at := func(ms int64) string { return identity(one(ms, 0)[0], one(ms, 0)[0].Readings[0]) }
	same(t, w, map[string]presage.Value{
		at(0): presage.Number(9), at(86_400_000): presage.Number(3), at(5): presage.Number(5),
	})
	stop()
	want := []presage.Sample{storetest.Sample(storetest.VIN(1), 5, storetest.Reading("", presage.Number(6)))}
	if diff := cmp.Diff(want, w.refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	day := presage.DayOf(storetest.Start())
	days := map[presage.VehicleDay]int{{VIN: storetest.VIN(1), Day: day}: 2, {VIN: storetest.VIN(1), Day: day + 1}: 1}
	if diff := cmp.Diff(days, w.dirty); diff != "" {
		t.Errorf("marked (-want +got):\n%s", diff)
	}
	if first := w.writes[1][0].Readings[0].Value.Number; first != 2 {
		t.Errorf("the drain began with %v, want the oldest", first)
	}
}

// Small batches go to the store together, but an instant that comes again begins another
// write, so that the newer value is the later one for every store.
func TestSmallBatchesGoTogether(t *testing.T) {
	t.Parallel()
	w := newWorld()
	s := open(t, w, t.TempDir(), 1<<20)
	down(t, w, s)
	for n := range 300 {
		put(t, s, one(int64(1000+n), float64(n)))
	}
	put(t, s, one(1000, 7))
	put(t, s, one(2000, 8))
	before := len(w.writes)
	w.goAway(false)
	defer run(t, s)()
	w.eventually(t, "empty", func() bool { note, err := s.Health(t.Context()); return note == "" && err == nil })
	var sizes []int
	for _, samples := range w.writes[before:] {
		sizes = append(sizes, len(samples))
	}
	// down leaves a batch of its own at the front.
	if n := len(sizes); n < 2 || n > 3 || sizes[n-1] != 2 || sizes[n-2] < 300 {
		t.Errorf("writes of %v samples, want 300 together and the 2 from the second value on", sizes)
	}
	if v := w.stored()[identity(one(1000, 0)[0], one(1000, 0)[0].Readings[0])]; v.Number != 7 {
		t.Errorf("%v, want the newer value", v)
	}
}

// At the bound nothing is dropped: Write fails until there is room again.
func TestBound(t *testing.T) {
	t.Parallel()
	w := newWorld()
	registry := prometheus.NewRegistry()
	deps := w.deps()
	deps.Registerer = registry
	s, err := spool.Open(config(t.TempDir(), 2000), deps)
	if err != nil {
		t.Fatal(err)
	}
	down(t, w, s)
	taken := 0
	for ; ; taken++ {
		if err = s.Write(t.Context(), one(int64(taken), float64(taken))); err != nil {
			break
		}
	}
	if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "ingest.spool") || taken < 20 {
		t.Fatalf("after %d batches: %v; want an ErrUnavailable that names the key", taken, err)
	}
	if _, err := s.Health(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("a full spool is ready: %v", err)
	}
	w.pass(90 * time.Second)
	want := map[string]float64{
		"presage_spool_age_seconds": 90, "presage_spool_batches": float64(taken), "presage_spool_max_bytes": 2000,
	}
	if diff := cmp.Diff(want, gauges(t, registry, want)); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	w.goAway(false)
	defer run(t, s)()
	w.eventually(t, "drained", func() bool { return len(w.stored()) == taken })
	w.eventually(t, "taking again", func() bool { return s.Write(t.Context(), one(1e6, 1)) == nil })
	// By way of the spool, if its last batch was in the store but not removed yet.
	w.eventually(t, "all stored", func() bool { return len(w.stored()) == taken+1 })
}

// A spooling service is ready and says what it does.
func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld()
	s := open(t, w, t.TempDir(), 1<<20)
	defer run(t, s)()
	check := func(part string) {
		t.Helper()
		if note, err := s.Health(t.Context()); err != nil || !strings.Contains(note, part) {
			t.Errorf("%q, %v; want a note with %q and no error", note, err, part)
		}
	}
	check("")
	w.goAway(true)
	check("the store does not answer, what arrives is spooled")
	down(t, w, s)
	put(t, s, one(0, 1))
	check("spooling since 2024-11-21T07:16:35Z: 0.0 MiB of 1.0 MiB in 1 batches")
}

// What is spooled outlives a restart, also one that switches the spool off.
func TestRestart(t *testing.T) {
	t.Parallel()
	dir, w := t.TempDir(), newWorld()
	s := open(t, w, dir, 1<<20)
	down(t, w, s)
	for i := range 3 {
		put(t, s, one(int64(i), float64(i)))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := spool.Open(config(dir, 1), spool.Deps{}); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("without anything: %v", err)
	}
	s = open(t, w, dir, 0)
	if err := s.Write(t.Context(), one(9, 9)); !errors.Is(err, presage.ErrUnavailable) ||
		!strings.Contains(err.Error(), "emptied first") {
		t.Errorf("behind a spool that is switched off: %v", err)
	}
	w.goAway(false)
	stop := run(t, s)
	w.eventually(t, "drained", func() bool { return len(w.stored()) == 3 })
	w.eventually(t, "direct", func() bool { return s.Write(t.Context(), one(9, 9)) == nil })
	stop()
	s = open(t, w, dir, 1<<20)
	if note, err := s.Health(t.Context()); note != "" || err != nil {
		t.Errorf("after the drain: %q, %v", note, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A crash between the store's write and the removal: the batch is written
// again, ahead of what came behind it.
func TestCrashBeforeRemoval(t *testing.T) {
	t.Parallel()
	dir, w := t.TempDir(), newWorld()
	s := open(t, w, dir, 1<<20)
	down(t, w, s)
	put(t, s, one(0, 1))
	w.change(func() { w.away, w.dirtyBad = false, true }) // written, not marked, so not removed
	stop := run(t, s)
	w.eventually(t, "written", func() bool { return len(w.stored()) == 1 })
	put(t, s, one(0, 2))
	stop()
	w.change(func() { w.dirtyBad, w.writes = false, nil })
	defer run(t, open(t, w, dir, 1<<20))()
	w.eventually(t, "drained", func() bool {
		got := w.stored()
		return got[identity(one(0, 0)[0], one(0, 0)[0].Readings[0])].Number == 2
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.writes) < 2 || w.writes[0][0].Readings[0].Value.Number != 1 {
		t.Errorf("%d writes after the restart; want the old value first, then the new", len(w.writes))
	}
}

// gauges reads the metrics that are named in want.
func gauges(t *testing.T, r *prometheus.Registry, want map[string]float64) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		if _, asked := want[f.GetName()]; asked {
			got[f.GetName()] = f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	return got
}
