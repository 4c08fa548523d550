package mqtt

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"syscall"
	"time"

	"presage/ingest"
)

// watch tells arrivals what happens on one connection. nil tells nobody.
type watch struct {
	*arrivals

	clock func() instant
	empty func() instant // since when everything is acknowledged, zero if it is not
}

func (w *watch) enters() {
	if w != nil {
		w.enter(w.clock())
	}
}

// left says how a read of the connection ended.
func (w *watch) left(n int, err error) {
	switch {
	case w == nil:
	case n > 0:
		w.arrive(w.clock(), w.empty())
	case err != nil:
		w.lose(w.clock(), errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET))
	}
}

// sent is when a message was probably sent. Of a retained one nobody knows.
func (w *watch) sent(m ingest.Message) (time.Time, time.Duration) {
	if w == nil || m.Retained {
		return time.Time{}, 0
	}
	return w.stamp(m.Received)
}

// instant is now.
func (s *Subscriber) instant() instant {
	return instant{wall: s.cfg.Now(), mono: time.Since(s.started)}
}

// recall reads how far the process before had come.
func (s *Subscriber) recall(ctx context.Context) {
	if s.cfg.Memory == nil {
		return
	}
	h, err := s.cfg.Memory.Load()
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "mqtt: it is not known when the broker was last heard: "+
			"what it kept meanwhile gets the time of its arrival", slog.Any("error", err))
		return
	}
	s.arrivals.recall(h)
}

// remember keeps how far this process has come.
func (s *Subscriber) remember(ctx context.Context, last bool) {
	if s.cfg.Memory == nil {
		return
	}
	h, ok := s.arrivals.known(s.cfg.Now(), last)
	if !ok {
		return
	}
	if err := s.cfg.Memory.Save(h); err != nil && !s.forgetful {
		s.forgetful = true // said once
		s.cfg.Logger.WarnContext(ctx, "mqtt: it cannot be kept when the broker was last heard", slog.Any("error", err))
	}
}

// tick looks after the connection until ctx ends.
func (s *Subscriber) tick(ctx context.Context) {
	t := time.NewTicker(tickEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			s.arrivals.tick(s.instant(), s.emptySince())
			s.remember(ctx, false)
		}
	}
}

// emptySince is since when everything of the present connection is acknowledged.
func (s *Subscriber) emptySince() instant {
	s.mu.Lock()
	w := s.window
	s.mu.Unlock()
	if w == nil {
		return instant{}
	}
	return w.emptySince()
}
