package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/tsdb"
)

// store.retention removes old days of telemetry; what was learnt from them
// stays, and a sample that comes too late does not replace its day's roll-up.
func TestRetention(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, "--data", dir)
	registerFleet(s)
	publishWear(t, s, wearing, time.Now(), "") // 60 days
	until(s, "/v1/cases?vin="+string(wearing), "rolled up and decided on",
		func(c presage.Case) bool { return c.State == presage.CaseOffered })
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	before := rollups(t, dir)
	s = serve(t, "--data", dir, "--set", "store.retention=10d")
	s.eventually("expired", func() bool { return strings.Contains(s.log.String(), "old telemetry removed") }, s.log.String)
	publishWear(t, s, wearing, time.Now().AddDate(0, 0, -90).Truncate(24*time.Hour), "") // late
	s.eventually("passed over", func() bool { return strings.Contains(s.log.String(), "are not rolled up again") }, s.log.String)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if after := rollups(t, dir); after < before {
		t.Errorf("%d samples in roll-ups, %d before the telemetry expired", after, before)
	}
	store, err := tsdb.Open(filepath.Join(dir, "telemetry"), tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	first := presage.DayOf(time.Now().AddDate(0, 0, -10)).Start()
	for sample, err := range store.Scan(t.Context(), wearing, first.AddDate(0, 0, -60), first.AddDate(0, 0, -20)) {
		if err != nil {
			t.Error(err)
			break
		}
		if sample.Time.After(first.AddDate(0, 0, -29)) {
			t.Errorf("a row of %v is left", sample.Time)
			break
		}
	}
}

// Days that wait to be rolled up are not removed before, however old they are.
func TestRetentionWaitsForRollups(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, "--data", dir, "--set", "schedule.score_every=24h") // nothing is scored any more today
	registerFleet(s)
	now := time.Now()
	sent := publishWear(t, s, wearing, now, "") // 60 days, the last sample ten minutes ago
	until(s, "/v1/vehicles?q="+string(wearing), "all taken in",
		func(v presage.Vehicle) bool { return v.LastSeen.After(now.Add(-11 * time.Minute)) })
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if n := rollups(t, dir); n != 0 {
		t.Fatalf("%d samples are rolled up already", n)
	}
	s = serve(t, "--data", dir, "--set", "store.retention=10d")
	s.eventually("expired", func() bool { return strings.Contains(s.log.String(), "old telemetry removed") }, s.log.String)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if n := rollups(t, dir); n != sent {
		t.Errorf("%d of %d samples are rolled up", n, sent)
	}
}

// rollups counts the samples that the roll-ups of the last 60 days were made of.
func rollups(t *testing.T, dir string) (samples int) {
	t.Helper()
	store, err := sqlstore.Open(t.Context(), filepath.Join(dir, "presage.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	today := presage.DayOf(time.Now())
	days, err := store.Rollups(t.Context(), wearing, today-60, today)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		samples += d.Samples
	}
	return samples
}
