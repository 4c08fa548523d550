package schedule

import (
	"log/slog"
	"testing"
	"time"

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
