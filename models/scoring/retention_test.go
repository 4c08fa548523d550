package scoring_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"presage"
	"presage/models/scoring"
)

// retained is a store of one dirty day, and the queue of it.
type retained struct {
	settings map[string]string
	newest   time.Time
	dirty    []presage.DirtyDay
}

func (k *retained) Setting(_ context.Context, name string) (string, error) {
	if v, ok := k.settings[name]; ok {
		return v, nil
	}
	return "", presage.ErrNotFound
}

func (k *retained) PutSetting(_ context.Context, name, value string) error {
	k.settings[name] = value
	return nil
}

func (k *retained) NewestSeen(context.Context) (time.Time, error) { return k.newest, nil }

func (k *retained) OldestDirtyDay(_ context.Context, from presage.Day) (presage.Day, bool, error) {
	for _, d := range k.dirty {
		if d.Day >= from {
			return d.Day, true, nil
		}
	}
	return 0, false, nil
}

func (k *retained) DirtyDays(context.Context, int) ([]presage.DirtyDay, error) { return k.dirty, nil }

func (k *retained) ClearDirty(_ context.Context, days []presage.DirtyDay) error {
	k.dirty = k.dirty[len(days):]
	return nil
}

// Days older than is kept go, but none that waits to be rolled up, and none by a
// clock that no vehicle confirms; a sample that comes too late leaves the queue.
func TestRetention(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	today := presage.DayOf(now)
	day := func(n int) presage.DirtyDay {
		return presage.DirtyDay{VehicleDay: presage.VehicleDay{Day: today - presage.Day(n)}}
	}
	for _, tt := range []struct {
		name   string
		newest time.Time
		dirty  []presage.DirtyDay
		before int // days ago
		waits  bool
	}{
		{"ten days are kept", now, nil, 10, false},
		{"a clock of years ahead", now.AddDate(-3, 0, 0), nil, 1105, false}, // from 2023-11-11 on: a day is trusted
		{"a young day is dirty", now, []presage.DirtyDay{day(2)}, 10, false},
		{"an old day is dirty", now, []presage.DirtyDay{day(30)}, 30, true},
	} {
		store := &retained{settings: map[string]string{}, newest: tt.newest, dirty: tt.dirty}
		r := scoring.Retention{
			Keep: 10 * 24 * time.Hour, Store: store, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
		}
		var removed presage.Day
		waits, err := r.Expire(t.Context(), func(_ context.Context, before presage.Day) error { removed = before; return nil })
		if want := today - presage.Day(tt.before); err != nil || waits != tt.waits || removed != want {
			t.Errorf("%s: removed before %s (waits %t), %v; want before %s", tt.name, removed, waits, err, want)
		}
		store.dirty = []presage.DirtyDay{day(tt.before + 1), day(0)}
		left, err := r.Whole(store).DirtyDays(t.Context(), 10)
		if err != nil || len(left) != 1 || left[0].Day != today {
			t.Errorf("%s: %v are rolled up, %v; want today alone", tt.name, left, err)
		}
		over, err := scoring.Over(store, func() time.Time { return now }).DirtyDays(t.Context(), 10)
		if err != nil || len(over) != 0 {
			t.Errorf("%s: %v is over at noon", tt.name, over)
		}
	}
}
