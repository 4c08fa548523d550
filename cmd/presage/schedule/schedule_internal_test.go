package schedule

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"presage/cmd/presage/clock"
	"presage/cmd/presage/config"
)

// A machine that was days ahead and is set right does its nightly work in the
// next night, and not in that of the wrong time.
func TestWorkIsPlannedAnewWhenTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	a, err := New(config.Default().Schedule, nil, slog.New(slog.DiscardHandler), Work{}) // nights at 02:00 UTC
	if err != nil {
		t.Fatal(err)
	}
	ahead, right := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	var next agenda
	for _, step := range []struct{ now, night time.Time }{
		{ahead, time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)},
		{ahead.Add(time.Minute), time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)},
		{right, time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)},
		{ahead, time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC)}, // past: it is done at once
	} {
		next.score = step.now.Add(time.Hour)
		if a.plan(&next, step.now); !next.night.Equal(step.night) {
			t.Errorf("at %v the next night is %v, want %v", step.now, next.night, step.night)
		}
		if step.now.Equal(right) && next.score.After(right) {
			t.Errorf("new data wait until %v", next.score)
		}
	}
}

// counted is work whose calls are counted.
func counted(n *atomic.Int64) func(context.Context) error {
	return func(context.Context) error { n.Add(1); return nil }
}

// running is a schedule with an hour between two scores, until the test ends.
func running(t *testing.T, work Work) *Schedule {
	t.Helper()
	conf := config.Default().Schedule
	conf.ScoreEvery = time.Hour
	s, err := New(conf, clock.Wall(0), slog.New(slog.DiscardHandler), work)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := s.Run(ctx); err != nil {
			t.Errorf("it ended with %v", err)
		}
	}()
	t.Cleanup(func() { end(); <-ended })
	return s
}

// A provider that hangs keeps neither deadlines nor new data waiting, and a night
// that takes hours keeps no message waiting.
func TestSendingAndPassesDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	hang := func(ctx context.Context) error {
		<-ctx.Done()
		return nil
	}
	t.Run("slow provider", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var scored, swept atomic.Int64
			running(t, Work{Fresh: counted(&scored), Sweep: counted(&swept), Send: hang})
			time.Sleep(90*time.Minute - time.Second) // on the bubble's clock
			if scored.Load() != 2 || swept.Load() != 9 {
				t.Errorf("in an hour and a half: %d scores, %d sweeps, want 2 and 9", scored.Load(), swept.Load())
			}
		})
	})
	t.Run("long pass", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var sent atomic.Int64
			running(t, Work{Fresh: hang, Sweep: hang, Send: counted(&sent)})
			time.Sleep(30*time.Minute - time.Second)
			if sent.Load() != 30 {
				t.Errorf("%d sendings in half an hour, want one a minute", sent.Load())
			}
		})
	})
}

// What is urgent is sent at once, also what came while others were being sent.
func TestSendSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var at []time.Duration
		nothing := func(context.Context) error { return nil }
		s := running(t, Work{Fresh: nothing, Sweep: nothing, Send: func(context.Context) error {
			at = append(at, time.Since(began))
			time.Sleep(4 * time.Second)
			return nil
		}})
		time.Sleep(10 * time.Second)
		s.SendSoon()
		time.Sleep(time.Second) // it is being sent
		s.SendSoon()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if len(at) != 3 || at[1] != 10*time.Second || at[2] != 14*time.Second {
			t.Errorf("sent after %v, want 0, 10 and 14 seconds", at)
		}
	})
}
