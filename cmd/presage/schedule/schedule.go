// Package schedule does the periodic work of the service on its clock: deadlines
// every ten minutes, new data as often as schedule.score_every says, and the whole
// fleet once a night; messages every minute beside all that, so that neither a
// long night nor a slow provider holds the other up.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/cmd/presage/clock"
	"presage/cmd/presage/config"
)

// Work is what is done, each when it is due. The errors are logged, shown by
// Ready and end nothing.
type Work struct {
	Night  func(context.Context) error // the daily pass over the whole fleet, and what is tidied up with it
	Fresh  func(context.Context) error // the same for what is new since the last pass
	Replan func(context.Context) error // the parts alone: a planner's figure changed
	Sweep  func(context.Context) error // deadlines
	Send   func(context.Context) error // messages, beside the others
}

const (
	sweepEvery = 10 * time.Minute // in virtual time
	retryPass  = 15 * time.Second // after a store held periodic work up
	retryNight = time.Hour        // after a pass of EachNight failed
)

// Schedule knows what is due when, and how the latest work went.
type Schedule struct {
	conf   config.Schedule
	zone   *time.Location
	clock  *clock.Clock
	log    *slog.Logger
	work   Work
	replan atomic.Bool

	mu    sync.Mutex
	last  map[string]error // of each kind of work
	ended time.Time        // the latest, by the wall; zero before the first
	soon  bool             // messages are not to wait
	wake  func()           // ends the wait of sending
}

// New makes a Schedule; a zone that nobody knows is an ErrInvalid.
func New(c config.Schedule, virtual *clock.Clock, log *slog.Logger, work Work) (*Schedule, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, fmt.Errorf("schedule.zone: %w: %w", presage.ErrInvalid, err)
	}
	return &Schedule{
		conf: c, zone: zone, clock: virtual, log: log, work: work, last: map[string]error{}, wake: func() {},
	}, nil
}

// Zone is that of schedule.score_at.
func (s *Schedule) Zone() *time.Location { return s.zone }

// Replan asks for a new plan of the parts without delay.
func (s *Schedule) Replan() { s.replan.Store(true) }

// SendSoon lets messages be sent without delay.
func (s *Schedule) SendSoon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.soon = true
	s.wake()
}

// Ready is nil while the latest periodic work went well.
func (s *Schedule) Ready(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.last[passes], s.last[sending])
}

// Checked is how long ago the latest periodic work ended; 0 before the first.
func (s *Schedule) Checked() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended.IsZero() {
		return 0
	}
	return time.Since(s.ended)
}

// The kinds of work that do not wait for each other.
const passes, sending = "passes", "sending"

// Run does the periodic work until ctx ends. What fails is tried again.
func (s *Schedule) Run(ctx context.Context) error {
	var group errgroup.Group
	group.Go(func() error { s.runPasses(ctx); return nil })
	group.Go(func() error { s.runSending(ctx); return nil })
	return group.Wait()
}

func (s *Schedule) runPasses(ctx context.Context) {
	var next agenda
	for {
		now := s.clock.Now()
		s.plan(&next, now)
		var errs []error
		switch {
		case !now.Before(next.night):
			errs = append(errs, s.work.Night(ctx))
			next.night, next.score = s.nextNight(now), now.Add(s.conf.ScoreEvery)
		case !now.Before(next.score):
			errs = append(errs, s.work.Fresh(ctx))
			next.score = now.Add(s.conf.ScoreEvery)
		case s.replan.Swap(false):
			errs = append(errs, s.work.Replan(ctx))
		}
		if !now.Before(next.sweep) {
			errs = append(errs, s.work.Sweep(ctx))
			next.sweep = now.Add(sweepEvery)
		}
		failed := errors.Join(errs...)
		s.report(ctx, passes, failed)
		pause := s.pause(failed)
		if errors.Is(failed, presage.ErrUnavailable) { // what a full disk stopped goes on with the rest
			next.score, next.sweep = now.Add(pause), now.Add(pause)
		}
		if s.waitAtLeast(ctx, now.Add(pause)) != nil {
			return
		}
	}
}

func (s *Schedule) runSending(ctx context.Context) {
	for ctx.Err() == nil {
		now := s.clock.Now()
		failed := s.work.Send(ctx)
		s.report(ctx, sending, failed)
		s.waitOrSoon(ctx, now.Add(s.pause(failed)))
	}
}

// pause is the time between two looks at what is due, after work that went so.
func (s *Schedule) pause(failed error) time.Duration {
	pause := min(time.Minute, s.conf.ScoreEvery)
	if errors.Is(failed, presage.ErrUnavailable) {
		pause = min(pause, retryPass)
	}
	return pause
}

// waitOrSoon waits for t, or until SendSoon was called since it last returned.
func (s *Schedule) waitOrSoon(ctx context.Context, t time.Time) {
	waiting, end := context.WithCancel(ctx)
	defer end()
	s.mu.Lock()
	s.wake = end
	if s.soon {
		end()
	}
	s.mu.Unlock()
	_ = s.waitAtLeast(waiting, t) // why it ended makes no difference
	s.mu.Lock()
	s.soon = false
	s.mu.Unlock()
}

// EachNight does one pass at once and one every night, until ctx ends. A pass
// that failed is tried again in an hour, one that waits for scoring after the
// next score. what names the work for the log.
func (s *Schedule) EachNight(ctx context.Context, what string, pass func(context.Context) (waits bool, err error)) {
	for ctx.Err() == nil {
		next := s.nextNight(s.clock.Now())
		waits, err := pass(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			s.log.ErrorContext(ctx, what+": it failed and will be tried again", slog.Any("error", err))
			next = s.clock.Now().Add(retryNight)
		case waits:
			next = s.clock.Now().Add(s.conf.ScoreEvery)
		}
		if s.waitAtLeast(ctx, next) != nil {
			return
		}
	}
}

// agenda is when the periodic work is due; looked is when it was last asked.
type agenda struct{ night, score, sweep, looked time.Time }

// plan sets what is not set yet. After a clock that was set back everything is
// planned anew: what was due by the old time may be days or years away.
func (s *Schedule) plan(next *agenda, now time.Time) {
	if now.Before(next.looked) {
		s.log.Warn("the clock was set back: nightly and periodic work is planned anew",
			"by", next.looked.Sub(now).Round(time.Second))
		*next = agenda{}
	}
	if next.night.IsZero() {
		next.night = s.nextNight(now)
	}
	next.looked = now
}

// nextNight is the first schedule.score_at after t.
func (s *Schedule) nextNight(t time.Time) time.Time {
	minutes := int(s.conf.ScoreAt)
	local := t.In(s.zone)
	next := time.Date(local.Year(), local.Month(), local.Day(), minutes/60, minutes%60, 0, 0, s.zone)
	if !next.After(t) {
		next = time.Date(local.Year(), local.Month(), local.Day()+1, minutes/60, minutes%60, 0, 0, s.zone)
	}
	return next.UTC()
}

// LastNight is the latest schedule.score_at that is not after t.
func (s *Schedule) LastNight(t time.Time) time.Time {
	night := s.nextNight(t.Add(-50 * time.Hour)) // two days back, whatever the clocks of the zone do
	for next := s.nextNight(night); !next.After(t); next = s.nextNight(night) {
		night = next
	}
	return night
}

// waitAtLeast waits for t, and no less than a tenth of a wall second, so that
// a fast clock does not keep a processor busy.
func (s *Schedule) waitAtLeast(ctx context.Context, t time.Time) error {
	if least := s.clock.Now().Add(time.Duration(float64(100*time.Millisecond) * s.clock.Pace())); t.Before(least) {
		t = least
	}
	return s.clock.Wait(ctx, t)
}

func (s *Schedule) report(ctx context.Context, kind string, err error) {
	if ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	s.last[kind], s.ended = err, time.Now()
	s.mu.Unlock()
	if err != nil {
		s.log.ErrorContext(ctx, "periodic work failed; it will be tried again", "work", kind, "error", err)
	}
}
