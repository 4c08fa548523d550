package ingest

import (
	"context"
	"time"

	"presage"
)

const (
	lastSeenEvery = time.Second
	maxLastSeen   = 1 << 20
)

// lastSeen gathers when vehicles were last seen, so that under load a vehicle is
// written once a second and not with every batch. New vehicles do not wait.
type lastSeen struct {
	seen    map[presage.VIN]time.Time // not written yet
	known   map[presage.VIN]struct{}  // written at least once
	written time.Time
}

// due adds seen and tells whether to write now; idle says that nothing follows.
func (t *lastSeen) due(seen map[presage.VIN]time.Time, idle bool, now func() time.Time) bool {
	if t.seen == nil {
		t.seen, t.known = map[presage.VIN]time.Time{}, map[presage.VIN]struct{}{}
	}
	due := idle || now == nil
	for vin, at := range seen {
		if last, ok := t.seen[vin]; !ok || at.After(last) {
			t.seen[vin] = at
		}
		if _, known := t.known[vin]; !known {
			due = true
		}
	}
	if now != nil {
		at := now()
		if waited := at.Sub(t.written); waited >= lastSeenEvery || waited < 0 {
			due = true
		}
		if due {
			t.written = at
		}
	}
	return due && len(t.seen) > 0
}

func (t *lastSeen) write(ctx context.Context, fleet Fleet) error {
	if err := fleet.TouchVehicles(ctx, t.seen); err != nil {
		return err
	}
	if len(t.known)+len(t.seen) > maxLastSeen {
		clear(t.known)
	}
	for vin := range t.seen {
		t.known[vin] = struct{}{}
	}
	clear(t.seen)
	return nil
}
