package watch

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"presage"
)

// Shared are states that several processes change, one after another.
type Shared interface {
	// StepWatchStates gives the stored states of vehicles to step, which may run
	// again, and stores what it returns; nobody else changes them meanwhile.
	StepWatchStates(ctx context.Context, vins []presage.VIN, at time.Time,
		step func(stored []presage.WatchState) []presage.WatchState) error
	// ChangedWatchStates are those of vehicles of which something was stored by
	// StepWatchStates at a time or later.
	ChangedWatchStates(ctx context.Context, since time.Time) ([]presage.WatchState, error)
}

const (
	refreshEvery = time.Second      // how long what others changed may be unknown here
	refreshBack  = time.Minute      // how far the clocks of processes may be apart
	tellAfter    = 30 * time.Second // an alert that its own process has not told by then is told by all others
)

// change is what one reading or event does to a state.
type change struct {
	place  place
	next   func(was presage.WatchState) presage.WatchState
	before int64 // newest judged sample of the track until then, ms
}

// calm tells whether a judged reading changes nothing of a state that is at rest,
// or of an alert that simply stands.
func calm(s presage.WatchState, x judged) bool {
	switch s.Phase {
	case presage.WatchIdle:
		return !x.holds
	case presage.WatchFiring:
		return !x.clears && (!s.Stale || !x.holds)
	case presage.WatchPending, presage.WatchClearing:
	}
	return false
}

// saveShared applies the changes to what is stored, whoever stored it. On an
// error none of them has happened: the same samples are news again.
func (w *Watcher) saveShared(ctx context.Context) error {
	if len(w.changes) == 0 {
		return nil
	}
	changes := w.changes
	w.changes = nil
	vins := make([]presage.VIN, len(changes))
	for i, c := range changes {
		vins[i] = c.place.vin
	}
	var before, after map[place]presage.WatchState
	err := w.deps.Shared.StepWatchStates(ctx, vins, w.deps.Now(), func(stored []presage.WatchState) []presage.WatchState {
		before, after = w.placed(stored), w.placed(stored)
		for _, c := range changes {
			was, ok := after[c.place]
			if !ok {
				t := w.table.tracks[c.place.track]
				was = presage.WatchState{VIN: c.place.vin, Rule: t.rule.ID, Signal: t.signal, Phase: presage.WatchIdle}
			}
			after[c.place] = c.next(was)
		}
		return worthStoring(before, after)
	})
	if err != nil {
		for _, c := range slices.Backward(changes) {
			w.vehicle(c.place.vin).at[c.place.track] = c.before
		}
		return fmt.Errorf("step the watch states of %d vehicles: %w", len(vins), err)
	}
	for p, is := range after {
		news := moved(before[p], is)
		w.learn(p, is, news)
		if news && owed(is) {
			w.owed[p] = true
		}
	}
	if len(w.owed) > 0 {
		w.notify()
	}
	return nil
}

// placed are stored states by their place; those of rules that left the catalogue
// have none.
func (w *Watcher) placed(states []presage.WatchState) map[place]presage.WatchState {
	out := map[place]presage.WatchState{}
	for _, s := range states {
		if n, known := w.table.place[key{s.Rule, s.Signal}]; known {
			out[place{s.VIN, n}] = s
		}
	}
	return out
}

// worthStoring are the states that differ in more than their last reading; of one
// that is counted towards firing each reading counts.
func worthStoring(before, after map[place]presage.WatchState) (out []presage.WatchState) {
	for p, is := range after {
		was, known := before[p]
		if known && was == is || !known && blank(is) {
			continue
		}
		if !known || moved(was, is) || is.Phase == presage.WatchPending {
			out = append(out, is)
		}
	}
	return out
}

// learn keeps a stored state in memory. news: it was changed here, and counts.
func (w *Watcher) learn(p place, is presage.WatchState, news bool) {
	v := w.vehicle(p.vin)
	was := presage.WatchState{Rule: is.Rule, Phase: presage.WatchIdle}
	if known := v.states[p.track]; known != nil {
		was = *known
	}
	w.metrics.moved(is.Rule, was, is, news)
	v.at[p.track] = max(v.at[p.track], is.At.UnixMilli())
	w.keep(v, p.track, is)
	if !owed(is) {
		delete(w.owed, p)
		delete(w.others, p)
	}
	if blank(is) {
		v.states[p.track] = nil
		v.held--
	}
}

// Refresh learns what other processes have changed, and takes over the alerts
// that their own process has not told: it may have died. Run does so by itself.
func (w *Watcher) Refresh(ctx context.Context) error {
	if w.deps.Shared == nil {
		return nil
	}
	now := w.deps.Now()
	w.mu.Lock()
	since := w.refreshed.Add(-refreshBack)
	w.mu.Unlock()
	states, err := w.deps.Shared.ChangedWatchStates(ctx, since)
	if err != nil {
		return fmt.Errorf("watch: learn changed states: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refreshed = now
	for p, s := range w.placed(states) {
		if known := w.vehicle(p.vin).states[p.track]; known != nil && known.At.After(s.At) && !moved(*known, s) {
			continue
		}
		w.learn(p, s, false)
		if owed(s) && !w.owed[p] && w.others[p].IsZero() {
			w.others[p] = now
		}
	}
	for p, since := range w.others {
		if now.Sub(since) >= tellAfter {
			delete(w.others, p)
			w.owed[p] = true
			w.notify()
		}
	}
	return nil
}

// refreshing keeps what other processes change known here until ctx ends.
func (w *Watcher) refreshing(ctx context.Context) {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := w.Refresh(ctx); err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "what other processes judged is not known here", slog.Any("error", err))
		}
	}
}
