//go:build integration

package spool_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/influx"
	"presage/internal/influx/influxtest"
	"presage/internal/spool"
	"presage/internal/storetest"
)

// InfluxDB goes away for some seconds: every batch whose Write returned is
// in it once the spool is empty, and the newest value of an instant won.
func TestInfluxGoesAway(t *testing.T) {
	t.Parallel()
	influxtest.Each(t, goesAway)
}

func goesAway(t *testing.T, server influxtest.Server) {
	t.Helper()
	db, err := influx.Open(t.Context(), server.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := newWorld()
	c := config(t.TempDir(), 64<<20)
	c.Grace, c.RetryMax = 300*time.Millisecond, 100*time.Millisecond
	s, err := spool.Open(c, spool.Deps{Store: db, Dirty: w, Refused: w.Refused, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, s)
	defer stop()
	// Every batch has an instant of its own, and one that all of them write.
	written := 0
	write := func() error {
		return s.Write(t.Context(), append(one(int64(1+written)*1000, float64(written)), one(0, float64(written))...))
	}
	more := func(n int) {
		t.Helper()
		deadline := time.Now().Add(patience)
		for end := written + n; written < end; {
			if write() == nil {
				written++
			} else if time.Now().After(deadline) {
				t.Fatal("neither the store nor the spool takes anything")
			}
		}
	}
	more(50)
	server.Stop()
	away := time.Now()
	more(200)
	w.eventually(t, "away for 3 s", func() bool { return time.Since(away) > 3*time.Second })
	if note, err := s.Health(t.Context()); note == "" || err != nil {
		t.Errorf("without the server: %q, %v; want ready with a note", note, err)
	}
	server.Again(t)
	more(50)
	w.eventually(t, "drained", func() bool { note, err := s.Health(t.Context()); return note == "" && err == nil })
	more(10)
	n := 0
	for sample, err := range db.Scan(t.Context(), storetest.VIN(1), storetest.Start(), storetest.Start().AddDate(0, 0, 1)) {
		if err != nil {
			t.Fatal(err)
		}
		want := float64(n - 1)
		if n == 0 {
			want = float64(written - 1)
		}
		if got := sample.Readings[0].Value; got.Number != want || got.Kind != presage.KindNumber {
			t.Fatalf("instant %d holds %v, want %v", n, got.Number, want)
		}
		n++
	}
	if n != written+1 {
		t.Errorf("%d instants stored, want %d", n, written+1)
	}
}
