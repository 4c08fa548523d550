package app

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/internal/spool"
)

// awayStore is an InfluxDB that answers from back on and keeps the newest value.
type awayStore struct {
	back  chan struct{}
	taken chan presage.Sample
}

func (s *awayStore) Write(_ context.Context, samples []presage.Sample) error {
	select {
	case <-s.back:
	default:
		return presage.ErrUnavailable
	}
	for _, x := range samples {
		s.taken <- x
	}
	return nil
}

func (s *awayStore) Ready(context.Context) error { return nil }

func newSeries(t *testing.T, store spool.Store, maxBytes int64) *series {
	t.Helper()
	journal, err := spool.Open(spool.Config{
		Dir: t.TempDir(), MaxBytes: maxBytes, RetryMin: time.Millisecond, RetryMax: time.Millisecond,
	}, spool.Deps{
		Store: store, Dirty: nothingDirty{}, Now: time.Now,
		Refused: func(context.Context, *presage.RejectedError) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = journal.Close() })
	return &series{
		Spool: journal, log: slog.New(slog.DiscardHandler), leftOut: prometheus.NewCounter(prometheus.CounterOpts{Name: "x"}),
	}
}

func foretold(day int, risk float64) []presage.Sample {
	return []presage.Sample{{
		VIN: "1M8GDM9AXKP042788", Time: time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC),
		Readings: []presage.Reading{{Signal: "Presage.hv_battery.fail_30d", Value: presage.Number(risk)}},
	}}
}

// What scoring gives while InfluxDB is away reaches it when it is back, a pass
// an hour and the first of each day at the least.
func TestSeriesCatchUp(t *testing.T) {
	t.Parallel()
	store := &awayStore{back: make(chan struct{}), taken: make(chan presage.Sample, 10)}
	s := newSeries(t, store, 1<<20)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s.PutRollups(t.Context(), foretold(1, 0))
	for _, pass := range []struct {
		asOf time.Time
		risk float64
	}{
		{noon, 1},
		{noon, 2},                               // another part of the same pass
		{noon.Add(time.Minute), 3},              // left to the next, for something waits
		{noon.Add(time.Hour), 4},                // an hour later
		{noon.Add(12 * time.Hour), 5},           // the next day
		{noon.Add(12*time.Hour + time.Hour), 6}, // an hour later again
	} {
		s.PutPrognoses(t.Context(), pass.asOf, foretold(pass.asOf.Day(), pass.risk))
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	close(store.back)
	var got []string
	for range 6 {
		x := <-store.taken
		got = append(got, fmt.Sprint(x.Time.Day(), " ", x.Readings[0].Value.Number))
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"1 0", "1 1", "1 2", "1 4", "2 5", "2 6"}, got); diff != "" {
		t.Errorf("in InfluxDB (-want +got):\n%s", diff)
	}
}

// At the bound what comes is left out and counted, and nobody waits.
func TestSeriesAreBounded(t *testing.T) {
	t.Parallel()
	s := newSeries(t, &awayStore{back: make(chan struct{})}, 300)
	for day := range 20 {
		s.PutRollups(t.Context(), foretold(1+day, 0))
	}
	kept, counted := s.Bytes(), prometheus.NewRegistry()
	counted.MustRegister(s.leftOut)
	families, err := counted.Gather()
	if err != nil || len(families) != 1 {
		t.Fatal(families, err)
	}
	if left := families[0].GetMetric()[0].GetCounter().GetValue(); left == 0 || left >= 20 || kept > 300 {
		t.Errorf("%v of 20 left out, %d bytes kept; want some and at most 300", left, kept)
	}
}
