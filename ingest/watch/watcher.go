package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
)

// Store keeps the states that changed.
type Store interface {
	// PutWatchStates inserts or replaces by (vehicle, rule, signal), all or nothing.
	PutWatchStates(ctx context.Context, states []presage.WatchState) error
	// WatchStates returns everything that was put.
	WatchStates(ctx context.Context) ([]presage.WatchState, error)
}

// Receiver opens and closes cases. Both methods may be called again with the
// same alert and must then change nothing more. ErrInvalid, ErrNotFound and
// ErrForbidden mean that a repeat is of no use; any other error is tried again.
type Receiver interface {
	Raise(ctx context.Context, a presage.Alert) error
	// Clear tells that the condition is over.
	Clear(ctx context.Context, a presage.Alert) error
}

// Deps are what a Watcher works with. Receiver may be nil (alerts are kept and
// shown, nobody is told), Registerer and Logger too.
type Deps struct {
	Store Store
	// Shared steps the states where messages of one vehicle may come to several
	// processes; nil when they all come here.
	Shared     Shared
	Receiver   Receiver
	Now        func() time.Time
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	// MaxVehicles is how many vehicles are remembered; above it those without an
	// open condition are forgotten, which costs the order of their next reading
	// and their windows. Default 200,000 (about 100 MB with the default rules).
	MaxVehicles int
}

// Watcher judges samples and events by rules. Its methods may be called by
// several goroutines at the same time.
type Watcher struct {
	deps    Deps
	cat     *presage.Catalogue
	table   *table
	log     *slog.Logger
	metrics *metrics
	wake    chan struct{}

	telling sync.Mutex // one delivery at a time

	mu       sync.Mutex
	vehicles map[presage.VIN]*vehicle
	events   int            // vehicles with an open event rule
	dirty    map[place]bool // changed and not stored yet
	owed     map[place]bool // stored and not told yet

	// With Deps.Shared alone.
	changes   []change            // of the batch that is being judged
	others    map[place]time.Time // owed by other processes, and since when that is known
	refreshed time.Time           // when what others changed was last read
}

// place is a state's place in memory.
type place struct {
	vin   presage.VIN
	track int
}

// New compiles the catalogue's rules and loads the stored states. ErrInvalid
// names every fault of the rules. States of rules that left the catalogue are
// left alone.
func New(ctx context.Context, cat *presage.Catalogue, d Deps) (*Watcher, error) {
	if cat == nil || d.Store == nil || d.Now == nil {
		return nil, fmt.Errorf("watch: %w: catalogue, store and clock are required", presage.ErrInvalid)
	}
	t, err := compile(cat.Watch)
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	if d.MaxVehicles == 0 {
		d.MaxVehicles = 200_000
	}
	w := &Watcher{
		deps: d, cat: cat, table: t, log: d.Logger, metrics: newMetrics(d.Registerer, cat.Watch),
		wake: make(chan struct{}, 1), vehicles: map[presage.VIN]*vehicle{},
		dirty: map[place]bool{}, owed: map[place]bool{}, others: map[place]time.Time{}, refreshed: d.Now(),
	}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	return w, w.load(ctx)
}

func (w *Watcher) load(ctx context.Context) error {
	states, err := w.deps.Store.WatchStates(ctx)
	if err != nil {
		return fmt.Errorf("watch: load states: %w", err)
	}
	for _, s := range states {
		n, known := w.table.place[key{s.Rule, s.Signal}]
		if !known {
			continue
		}
		if blank(s) {
			continue
		}
		v := w.vehicle(s.VIN)
		v.at[n] = s.At.UnixMilli()
		w.keep(v, n, s)
		w.metrics.moved(s.Rule, presage.WatchState{}, s, false)
		if owed(s) {
			w.owed[place{s.VIN, n}] = true
		}
	}
	w.notify()
	return nil
}

// Observe judges what has just been made durable. An error is the store's; the
// same data may be given again, then or after a restart, and lead to the same.
func (w *Watcher) Observe(ctx context.Context, samples []presage.Sample, events []presage.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.deps.Now()
	for i := range events {
		w.event(&events[i], now)
	}
	for i := range samples {
		w.sample(&samples[i], now)
	}
	return w.save(ctx)
}

func (w *Watcher) sample(s *presage.Sample, now time.Time) {
	var v *vehicle
	for i := range s.Readings {
		tracks := w.table.of(s.Readings[i].Signal)
		if tracks == nil {
			continue
		}
		if v == nil {
			v = w.vehicle(s.VIN)
		}
		for _, n := range tracks {
			w.reading(v, n, s, i, now)
		}
	}
	if w.events == 0 {
		return
	}
	if v == nil {
		if v = w.vehicles[s.VIN]; v == nil {
			return
		}
	}
	if v.open > 0 {
		for _, n := range w.table.events {
			if was := v.states[n]; was != nil {
				at, r := s.Time, w.table.tracks[n].rule
				w.replace(v, n, *was, func(was presage.WatchState) presage.WatchState { return r.quiet(was, at) })
			}
		}
	}
}

// reading judges one reading of a sample on one track.
func (w *Watcher) reading(v *vehicle, n int, s *presage.Sample, i int, now time.Time) {
	at := s.Time.UnixMilli()
	if at <= v.at[n] {
		return
	}
	t := &w.table.tracks[n]
	var win *window
	if t.rule.Window > 0 {
		win = v.window(n, t.rule.Window)
		if x, ok := scalar(&t.spec, s.Readings[i].Value); ok {
			win.put(s.Time, x)
		}
	}
	x, ok := t.judge(s, i, win)
	if !ok {
		return
	}
	was := v.states[n]
	if w.deps.Shared != nil && was != nil && calm(*was, x) {
		v.at[n] = at
		return
	}
	if was == nil {
		if !x.holds {
			v.at[n] = at
			return // the way of nearly every reading
		}
		was = &presage.WatchState{VIN: s.VIN, Rule: t.rule.ID, Signal: t.signal, Phase: presage.WatchIdle}
	}
	r := t.rule
	w.replace(v, n, *was, func(was presage.WatchState) presage.WatchState { return r.next(was, x, now) })
	v.at[n] = at
}

func (w *Watcher) event(e *presage.Event, now time.Time) {
	for _, n := range w.table.events {
		r := w.table.tracks[n].rule
		if !r.Event.Matches(*e) {
			continue
		}
		v := w.vehicle(e.VIN)
		was := v.states[n]
		if was == nil {
			was = &presage.WatchState{VIN: e.VIN, Rule: r.ID, Phase: presage.WatchIdle}
		}
		x := judged{at: e.Time, holds: true, code: e.Code}
		w.replace(v, n, *was, func(was presage.WatchState) presage.WatchState { return r.next(was, x, now) })
	}
}

// replace puts a new state in the place of an old one and notes whether it has
// to be stored. Where states are shared that happens to the stored one, by save.
func (w *Watcher) replace(
	v *vehicle, n int, was presage.WatchState, next func(presage.WatchState) presage.WatchState,
) {
	if w.deps.Shared != nil {
		w.changes = append(w.changes, change{place{was.VIN, n}, next, v.at[n]})
		return
	}
	is := next(was)
	if moved(was, is) {
		w.dirty[place{is.VIN, n}] = true
		w.metrics.moved(is.Rule, was, is, true)
	}
	w.keep(v, n, is)
}

// save stores what changed in one go. On an error it stays to be stored: the
// same samples are no news the second time, the changes still are.
func (w *Watcher) save(ctx context.Context) error {
	if w.deps.Shared != nil {
		return w.saveShared(ctx)
	}
	if len(w.dirty) == 0 {
		return nil
	}
	states := make([]presage.WatchState, 0, len(w.dirty))
	for p := range w.dirty {
		states = append(states, *w.vehicles[p.vin].states[p.track])
	}
	if err := w.deps.Store.PutWatchStates(ctx, states); err != nil {
		return fmt.Errorf("store %d watch states: %w", len(states), err)
	}
	for p := range w.dirty {
		v := w.vehicles[p.vin]
		s := v.states[p.track]
		if owed(*s) {
			w.owed[p] = true
		} else {
			delete(w.owed, p)
		}
		if blank(*s) {
			v.states[p.track] = nil
			v.held--
		}
	}
	clear(w.dirty)
	if len(w.owed) > 0 {
		w.notify()
	}
	return nil
}

func (w *Watcher) notify() {
	select {
	case w.wake <- struct{}{}:
	default: // it is awake
	}
}

// blank tells whether a state is no more than its absence: a condition that
// never held long enough.
func blank(s presage.WatchState) bool { return s.Phase == presage.WatchIdle && s.FiredAt.IsZero() }

// hopeless tells whether a repeat is of no use.
func hopeless(err error) bool {
	return errors.Is(err, presage.ErrInvalid) || errors.Is(err, presage.ErrNotFound) ||
		errors.Is(err, presage.ErrForbidden)
}
