package watch_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/ingest/watch"
	"presage/models"
)

func later(now time.Time, x presage.Sample) time.Time {
	if x.Time.After(now) {
		return x.Time
	}
	return now
}

// Any partition of the samples into batches leads to the same states, and so
// does a batch that is given twice.
func TestPartitionsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var samples []presage.Sample
		for range rapid.IntRange(1, 60).Draw(r, "samples") {
			samples = append(samples, at(
				float64(rapid.IntRange(0, 90).Draw(r, "minute")), rapid.SampledFrom([]float64{50, 120, 200, -1}).Draw(r, "value")))
		}
		whole, parts := newScene(t, insulation()), newScene(t, insulation())
		whole.observe(samples...)
		for rest := samples; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(r, "batch")
			parts.observe(rest[:n]...)
			if rapid.Bool().Draw(r, "again") {
				parts.observe(rest[:n]...)
			}
			rest = rest[n:]
		}
		quiet := func(s presage.WatchState) presage.WatchState {
			s.Told = 0                                   // an alert that began and ended within one batch was never told
			s.At, s.Value, s.Samples = time.Time{}, 0, 0 // stored with the next change only
			return s
		}
		if diff := cmp.Diff(quiet(whole.state()), quiet(parts.state())); diff != "" {
			r.Fatalf("one batch and many differ:\n%s", diff)
		}
	})
}

func TestNothingIsStoredWithoutAChange(t *testing.T) {
	t.Parallel()
	s := newScene(t, insulation())
	for i := range 100 {
		s.observe(at(float64(i), 900))
	}
	if s.store.puts != 0 {
		t.Errorf("%d writes for a healthy vehicle", s.store.puts)
	}
	s.observe(at(101, 50), at(102, 50), at(103, 50), at(104, 50))
	if s.store.puts != 2 { // the states, and that the alert was told
		t.Errorf("%d writes for one alert", s.store.puts)
	}
}

// A store that is down holds the batch; the alert is told once it is stored.
func TestStoreOutage(t *testing.T) {
	t.Parallel()
	s := newScene(t, insulation())
	s.store.fail = errDown
	batch := []presage.Sample{at(0, 50), at(1, 50), at(2, 50)}
	if err := s.w.Observe(t.Context(), batch, nil); !errors.Is(err, errDown) {
		t.Fatalf("observe: %v", err)
	}
	if err := s.w.Deliver(t.Context()); err != nil || len(s.desk.told) != 0 {
		t.Fatalf("told %v before it was stored, %v", s.desk.told, err)
	}
	s.store.fail = nil
	s.observe(batch...)
	if s.state().Phase != presage.WatchFiring || len(s.desk.told) != 1 {
		t.Errorf("%s, told %v", s.state().Phase, s.desk.told)
	}
}

// A crash between storing and telling, or between telling and noting it: the
// alert is told after the restart, under the same id.
func TestTellingSurvivesACrash(t *testing.T) {
	t.Parallel()
	s := newScene(t, insulation())
	s.desk.fail = errDown
	if err := s.w.Observe(t.Context(), []presage.Sample{at(0, 50), at(1, 50), at(2, 50)}, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.w.Deliver(t.Context()); !errors.Is(err, errDown) {
		t.Fatalf("deliver: %v", err)
	}
	s.desk.fail = nil
	s.restart()
	s.store.fail = errDown // it is told, and the note of it is lost
	_ = s.w.Deliver(t.Context())
	s.store.fail = nil
	s.restart()
	if err := s.w.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.desk.ids) != 2 || s.desk.ids[0] != s.desk.ids[1] {
		t.Errorf("ids %v, want one twice", s.desk.ids)
	}
	s.restart()
	if err := s.w.Deliver(t.Context()); err != nil || len(s.desk.ids) != 2 {
		t.Errorf("told again: %v, %v", s.desk.ids, err)
	}
}

// What can never be told is not tried for ever.
func TestHopelessAlertIsSettled(t *testing.T) {
	t.Parallel()
	s := newScene(t, insulation())
	s.desk.fail = fmt.Errorf("vehicle: %w", presage.ErrNotFound)
	s.observe(at(0, 50), at(1, 50), at(2, 50))
	s.desk.fail = nil
	s.observe(at(3, 50))
	if len(s.desk.told) != 0 || s.state().Phase != presage.WatchFiring {
		t.Errorf("told %v, %s", s.desk.told, s.state().Phase)
	}
}

// Run tells at once, without anybody calling Deliver.
func TestRunTells(t *testing.T) {
	t.Parallel()
	store, heard := &memory{states: map[[3]string]presage.WatchState{}}, make(chan string, 1)
	w, err := watch.New(t.Context(), &presage.Catalogue{Watch: []presage.WatchRule{insulation()}}, watch.Deps{
		Store: store, Receiver: listener(heard), Now: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	if err := w.Observe(ctx, []presage.Sample{at(0, 50), at(1, 50), at(2, 50)}, nil); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-heard:
		if got != "insulation" {
			t.Errorf("told of %s", got)
		}
	case <-ctx.Done():
		t.Fatal("nobody was told")
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

type listener chan string

func (l listener) Raise(_ context.Context, a presage.Alert) error { l <- a.Rule; return nil }
func (l listener) Clear(context.Context, presage.Alert) error     { return nil }

func TestFaultyRulesAreNamed(t *testing.T) {
	t.Parallel()
	bad := insulation()
	bad.Severity, bad.Signals, bad.Window = "grave", []string{"Vehicle.Nothing"}, time.Minute
	_, err := watch.New(t.Context(), &presage.Catalogue{Watch: []presage.WatchRule{insulation(), insulation(), bad}},
		watch.Deps{Store: &memory{}, Now: noon})
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatal(err)
	}
	for _, want := range []string{"duplicate ID", "severity", "window", "Vehicle.Nothing"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not speak of %s", err, want)
		}
	}
}

// BenchmarkObserve is what a 10-signal sample costs that concerns no rule.
func BenchmarkObserve(b *testing.B) {
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		b.Fatal(err)
	}
	plain := []string{
		presage.SignalSpeed, presage.SignalOdometer, presage.SignalAmbient, presage.SignalPadFrontLeft,
		presage.SignalPackVoltage, presage.SignalPackCurrent, presage.SignalStateOfCharge, presage.SignalPackTempMax,
		presage.SignalPackTempMin, presage.SignalIsCharging,
	}
	watched := append([]string{
		presage.SignalInsulation, presage.SignalBMSWarning, presage.SignalTyreFrontLeft, presage.SignalTyreFrontRight,
	}, plain[:6]...)
	for name, signals := range map[string][]string{"NoRule": plain, "FiveRules": watched} {
		b.Run(name, func(b *testing.B) {
			w, err := watch.New(b.Context(), cat, watch.Deps{Store: &memory{}, Now: noon})
			if err != nil {
				b.Fatal(err)
			}
			batch := make([]presage.Sample, 1000)
			for i := range batch {
				batch[i].VIN = presage.VIN(fmt.Sprintf("LPSAAAAA1AA%06d", i))
				for _, s := range signals {
					batch[i].Readings = append(batch[i].Readings, presage.Reading{Signal: s, Value: presage.Number(245)})
				}
			}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n++
				for i := range batch {
					batch[i].Time = noon().Add(time.Duration(n) * time.Second)
				}
				if err := w.Observe(b.Context(), batch, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n)/float64(len(batch)), "ns/sample")
		})
	}
}
