package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"presage"
)

// Letters is where dead letters are kept.
type Letters interface {
	// DeadLetterPage lists letters by ascending ID; a page ends before its
	// payloads are more than bytes together, after one at the least.
	DeadLetterPage(ctx context.Context, f presage.DeadLetterFilter, bytes int64) ([]presage.DeadLetter, error)
	MarkRedriven(ctx context.Context, id int64, at time.Time) error
	// Released lists the vehicles that are registered now and have letters with the reason.
	Released(ctx context.Context, reason string) ([]presage.HeldLetters, error)
}

// Redriver sends kept letters through a pipeline once more.
type Redriver struct {
	pipeline *Pipeline
	letters  Letters
	now      func() time.Time
	log      *slog.Logger

	mu    sync.Mutex
	after map[string]int64      // by reason, the last letter that was tried; none at the beginning
	tried map[presage.VIN]int64 // by vehicle, the letters that stayed open when they were released
}

// NewRedriver makes a Redriver; p must be running when it is used.
func NewRedriver(p *Pipeline, letters Letters, now func() time.Time, log *slog.Logger) *Redriver {
	return &Redriver{
		pipeline: p, letters: letters, now: now, log: log,
		after: map[string]int64{}, tried: map[presage.VIN]int64{},
	}
}

const (
	redriveLetters = 200      // read at once
	redriveBytes   = 16 << 20 // of their payloads in memory at once
)

// Redrive takes at most limit open letters with the reason ("" for any) and
// returns how many went in whole. It goes on behind the last letter that it
// tried with the same reason, so that letters which fail again and again do not
// hide the ones behind them, and begins anew at the end.
func (r *Redriver) Redrive(ctx context.Context, reason string, limit int) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	left, begin := limit, r.after[reason]
	done, err := r.drive(ctx, func(ctx context.Context, after int64) ([]presage.DeadLetter, error) {
		if left <= 0 {
			return nil, nil
		}
		letters, err := r.letters.DeadLetterPage(ctx, presage.DeadLetterFilter{
			Reason: reason, AfterID: max(after, begin), Limit: min(left, redriveLetters), OnlyOpen: true,
		}, redriveBytes)
		if left -= len(letters); len(letters) > 0 {
			r.after[reason] = letters[len(letters)-1].ID
		} else {
			delete(r.after, reason)
		}
		return letters, err
	})
	return done.Accepted, err
}

// Release drives the letters again that were held of vehicles which are
// registered now. Those that cannot go in for another reason stay open, and are
// not tried again until more come or the service starts anew.
func (r *Redriver) Release(ctx context.Context) error {
	if r.pipeline.cfg.Unknown != UnknownQuarantine {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	held, err := r.letters.Released(ctx, ReasonUnknownVehicle)
	if err != nil {
		return err
	}
	for _, h := range held {
		if r.tried[h.VIN] == h.Kept {
			continue
		}
		done, err := r.drive(ctx, func(ctx context.Context, after int64) ([]presage.DeadLetter, error) {
			return r.letters.DeadLetterPage(ctx, presage.DeadLetterFilter{
				Reason: ReasonUnknownVehicle, VIN: h.VIN, AfterID: after, Limit: redriveLetters, OnlyOpen: true,
			}, redriveBytes)
		})
		if err != nil {
			return fmt.Errorf("letters of %s: %w", h.VIN.Masked(), err)
		}
		if r.tried[h.VIN] = h.Kept - int64(done.Accepted); r.tried[h.VIN] == 0 {
			delete(r.tried, h.VIN)
		}
		r.log.InfoContext(ctx, "a vehicle was registered: what was kept of it is taken in",
			"vin", h.VIN.Masked(), "messages", done.Accepted)
	}
	return nil
}

func (r *Redriver) drive(
	ctx context.Context, list func(ctx context.Context, after int64) ([]presage.DeadLetter, error),
) (Redriven, error) {
	return Redrive(ctx, r.pipeline, LetterBox{List: list, Mark: r.letters.MarkRedriven, Now: r.now})
}
