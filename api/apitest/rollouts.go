package apitest

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"presage"
	"presage/outreach/rollout"
)

// SaveRollout implements rest.Rollouts.
func (w *World) SaveRollout(ctx context.Context, r presage.Rollout) error {
	return w.rolloutDesk().SaveRollout(ctx, r)
}

// SteerRollout implements rest.Rollouts.
func (w *World) SteerRollout(
	ctx context.Context, id string, to presage.RolloutState, who string,
) (presage.Rollout, error) {
	return w.rolloutDesk().SteerRollout(ctx, id, to, who)
}

func (w *World) rolloutDesk() *rollout.Desk {
	return &rollout.Desk{DeskStore: w, Catalogue: w.catalogue, Now: w.Now}
}

// PutRollout implements rollout.DeskStore.
func (w *World) PutRollout(_ context.Context, r presage.Rollout) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.rollouts {
		if x.ID == r.ID && x.State != presage.RolloutDraft {
			return fmt.Errorf("put roll-out: %w", presage.ErrConflict)
		}
	}
	put(&w.rollouts, r, func(x presage.Rollout) string { return x.ID })
	return w.Err
}

// Rollout implements rest.Rollouts.
func (w *World) Rollout(_ context.Context, id string) (presage.Rollout, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, err := find(w.rollouts, "roll-out", func(r presage.Rollout) bool { return r.ID == id })
	return r, cmp.Or(err, w.Err)
}

// MoveRollout implements rollout.DeskStore.
func (w *World) MoveRollout(_ context.Context, x presage.RolloutStep) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.rollouts {
		if r := &w.rollouts[i]; r.ID == x.ID && r.State == x.Seen {
			r.State, r.Ring, r.Since, r.By, r.Reason = x.To, x.Ring, x.At, x.By, x.Reason
			return w.Err
		}
	}
	return fmt.Errorf("move roll-out: %w", presage.ErrConflict)
}

// Rollouts implements rest.Rollouts: each has the first vehicle, which failed.
func (w *World) Rollouts(_ context.Context, after string, limit int) ([]presage.RolloutProgress, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.RolloutProgress
	for _, r := range w.rollouts {
		if r.ID > after && (limit == 0 || len(out) < limit) {
			p := presage.RolloutProgress{Rollout: r, Cars: 1}
			p.Count.Failed = 1
			out = append(out, p)
		}
	}
	return out, w.Err
}

// RolloutCars implements rest.Rollouts.
func (w *World) RolloutCars(_ context.Context, f presage.RolloutCarFilter) ([]presage.RolloutCar, error) {
	c := presage.RolloutCar{
		Rollout: f.Rollout, VIN: w.vehicles[0].VIN, State: presage.CarFailed, CommandID: 1, SentAt: w.now,
		ExpiresAt: w.now.Add(time.Hour), AnsweredAt: w.now.Add(time.Minute), Note: "12 V too low",
	}
	if f.State != "" && f.State != c.State || f.After >= c.VIN {
		return nil, w.Err
	}
	return []presage.RolloutCar{c}, w.Err
}

// RouteFigures implements rest.Rollouts.
func (w *World) RouteFigures(context.Context, time.Time, time.Time) ([]presage.RouteFigure, error) {
	return []presage.RouteFigure{
		{Route: presage.RouteOTA, Cases: 6, Mended: 5}, {Route: presage.RouteWorkshop, Cases: 18, Mended: 9},
	}, w.Err
}
