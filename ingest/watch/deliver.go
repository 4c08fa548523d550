package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"presage"
)

// owed tells whether the receiver has to hear of a state: of an alert that is
// not stale, and of its end when it heard of its beginning.
func owed(s presage.WatchState) bool {
	if s.Told == presage.ToldNothing {
		return s.Firing() && !s.Stale
	}
	return s.Told == presage.ToldRaised && !s.ClearedAt.IsZero()
}

// retryMax bounds the wait between two attempts to tell the receiver.
const retryMax = time.Minute

// Run tells the receiver of alerts as they come up, until ctx ends; then it
// returns nil. What fails is tried again with growing waits.
func (w *Watcher) Run(ctx context.Context) error {
	var refreshing sync.WaitGroup
	defer refreshing.Wait()
	if w.deps.Shared != nil {
		refreshing.Go(func() { w.refreshing(ctx) })
	}
	wait := time.Second
	retry := time.NewTimer(wait)
	defer retry.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.wake:
		case <-retry.C:
		}
		retry.Stop()
		if err := w.Deliver(ctx); err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "alerts wait to be told; it will be tried again",
				slog.Any("error", err), slog.Duration("retry_in", wait))
			retry.Reset(wait)
			wait = min(2*wait, retryMax)
			continue
		}
		wait = time.Second
	}
}

// Deliver tells the receiver everything that is owed and stores that it was
// told. The error joins what has to be tried again.
func (w *Watcher) Deliver(ctx context.Context) error {
	if w.deps.Receiver == nil {
		return nil
	}
	w.telling.Lock()
	defer w.telling.Unlock()
	var faults []error
	for _, p := range w.debts() {
		if err := ctx.Err(); err != nil {
			return err
		}
		faults = append(faults, w.tell(ctx, p))
	}
	return errors.Join(faults...)
}

func (w *Watcher) debts() []place {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := make([]place, 0, len(w.owed))
	for p := range w.owed {
		if !w.dirty[p] { // what is not stored yet may still be taken back by a crash
			list = append(list, p)
		}
	}
	return list
}

func (w *Watcher) tell(ctx context.Context, p place) error {
	w.mu.Lock()
	s := *w.vehicles[p.vin].states[p.track]
	w.mu.Unlock()
	a, ok := w.cat.Alert(s)
	if !ok || !owed(s) {
		w.settle(p)
		return nil
	}
	do, told := w.deps.Receiver.Raise, presage.ToldRaised
	if s.Told == presage.ToldRaised {
		do, told = w.deps.Receiver.Clear, presage.ToldCleared
	}
	switch err := do(ctx, a); {
	case err == nil:
	case hopeless(err):
		w.log.WarnContext(ctx, "nobody can be told of an alert", slog.String("rule", a.Rule),
			slog.Any("vin", a.VIN), slog.Any("error", err))
	default:
		return fmt.Errorf("alert %s: %w", a.Rule, err)
	}
	return w.note(ctx, p, s, told)
}

// note stores that an alert was told. A state that has moved on since keeps
// what it became: when it fired anew, the new alert is still owed.
func (w *Watcher) note(ctx context.Context, p place, was presage.WatchState, told int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.vehicles[p.vin]
	s := *v.states[p.track]
	w.replace(v, p.track, s, func(is presage.WatchState) presage.WatchState {
		if is.FiredAt.Equal(was.FiredAt) {
			is.Told = told
		}
		return is
	})
	if w.deps.Shared == nil {
		w.dirty[p] = true
	}
	return w.save(ctx)
}

func (w *Watcher) settle(p place) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.owed, p)
}
