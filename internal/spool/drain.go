package spool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"presage"
	"presage/internal/tsdb"
)

// Run writes what is spooled to the store, oldest first, whenever the store
// answers. It returns nil when ctx ends; what is left is there at the next start.
func (s *Spool) Run(ctx context.Context) error {
	wait, working := s.cfg.RetryMin, false
	for ctx.Err() == nil {
		more, err := s.drain(ctx)
		switch {
		case err != nil:
			working = false
			s.log.WarnContext(ctx, "the spool cannot be emptied yet",
				slog.Any("error", err), slog.Int64("batches", s.j.depth().batches), slog.Duration("retry_in", wait))
			s.pause(ctx, wait)
			wait = min(2*wait, s.cfg.RetryMax)
		case more:
			if !working {
				s.log.InfoContext(ctx, "the telemetry store is back: the spool is being emptied",
					slog.Int64("batches", s.j.depth().batches))
			}
			wait, working = s.cfg.RetryMin, true
		default:
			if working {
				s.log.InfoContext(ctx, "the spool is empty")
			}
			wait, working = s.cfg.RetryMin, false
			select {
			case <-ctx.Done():
			case <-s.wake:
			}
		}
	}
	return nil
}

// pause waits with jitter, in the upper half of wait.
func (s *Spool) pause(ctx context.Context, wait time.Duration) {
	if s.deps.Rand != nil && wait > 1 {
		wait = wait/2 + time.Duration(s.deps.Rand.Int64N(int64(wait/2)))
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// drain takes the oldest batches over; false when there is none.
func (s *Spool) drain(ctx context.Context) (more bool, err error) {
	t, err := s.j.first()
	broken := errors.Is(err, tsdb.ErrCorrupt)
	if err != nil && !broken {
		return true, err
	}
	if len(t.entries) == 0 {
		return false, nil
	}
	if broken {
		s.log.ErrorContext(ctx, "a spooled batch cannot be read in full: what can be is stored, the batch is set aside",
			slog.Any("error", err), slog.Int("samples_read", len(t.samples)), slog.Uint64("batch", t.entries[0].seq))
		s.aside.Inc()
	}
	if len(t.samples) > 0 {
		if err := s.deliver(ctx, t.samples); err != nil {
			return true, err
		}
	}
	if err := s.j.remove(t.entries, broken); err != nil {
		return true, err
	}
	s.drained.Add(float64(len(t.entries)))
	s.answered()
	return true, nil
}

// deliver does with samples what ingest does with them: the store, the dead
// letters, the dirty days.
func (s *Spool) deliver(ctx context.Context, samples []presage.Sample) error {
	err := s.deps.Store.Write(ctx, samples)
	if !stored(err) {
		if ctx.Err() == nil {
			s.failed(err)
		}
		return err
	}
	if rejected, ok := errors.AsType[*presage.RejectedError](err); ok {
		if err := s.deps.Refused(ctx, rejected); err != nil {
			return fmt.Errorf("keep what the store refuses of a spooled batch: %w", err)
		}
		s.refused.Add(float64(len(rejected.Samples)))
		s.log.WarnContext(ctx, "the telemetry store refuses spooled samples: see dead letters", slog.Any("error", err))
	}
	if err := s.deps.Dirty.MarkDirty(ctx, daysOf(samples)); err != nil {
		return fmt.Errorf("mark the days of a spooled batch: %w", err)
	}
	return nil
}

// daysOf is each vehicle-day of samples once, in order.
func daysOf(samples []presage.Sample) []presage.VehicleDay {
	days := map[presage.VehicleDay]struct{}{}
	for _, s := range samples {
		days[presage.VehicleDay{VIN: s.VIN, Day: presage.DayOf(s.Time)}] = struct{}{}
	}
	return slices.SortedFunc(maps.Keys(days), func(a, b presage.VehicleDay) int {
		return cmp.Or(cmp.Compare(a.VIN, b.VIN), cmp.Compare(a.Day, b.Day))
	})
}
