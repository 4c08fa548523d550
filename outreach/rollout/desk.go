package rollout

import (
	"context"
	"fmt"
	"strings"
	"time"

	"presage"
)

// DeskStore keeps roll-outs and their cars. ErrNotFound for an unknown ID.
type DeskStore interface {
	Rollout(ctx context.Context, id string) (presage.Rollout, error)
	// PutRollout: ErrConflict when it has been started.
	PutRollout(ctx context.Context, r presage.Rollout) error
	// Rollouts lists roll-outs with their cars by state, by ID, after one of them.
	Rollouts(ctx context.Context, after string, limit int) ([]presage.RolloutProgress, error)
	RolloutCars(ctx context.Context, f presage.RolloutCarFilter) ([]presage.RolloutCar, error)
	// MoveRollout compares and sets state and ring; ErrConflict when they are others by now.
	MoveRollout(ctx context.Context, x presage.RolloutStep) error
	// RouteFigures counts cases that were opened within a time, by route.
	RouteFigures(ctx context.Context, from, to time.Time) ([]presage.RouteFigure, error)
}

// Desk is where people register, start and stop roll-outs. Its fields are set once.
type Desk struct {
	DeskStore
	Catalogue *presage.Catalogue
	Now       func() time.Time
}

// SaveRollout registers one, or changes a draft. ErrInvalid names every fault by its field.
func (d *Desk) SaveRollout(ctx context.Context, r presage.Rollout) error {
	r = r.WithDefaults()
	if err := r.Validate(d.Catalogue); err != nil {
		return fmt.Errorf("roll-out: %w", err)
	}
	r.SavedAt = d.Now().UTC()
	r.Since = r.SavedAt
	return d.PutRollout(ctx, r)
}

// maxWho bounds the name of who started or stopped one.
const maxWho = 100

// SteerRollout starts, pauses or closes one. ErrConflict when it cannot be put there.
func (d *Desk) SteerRollout(
	ctx context.Context, id string, to presage.RolloutState, who string,
) (presage.Rollout, error) {
	who = strings.TrimSpace(who)
	if who == "" {
		return presage.Rollout{}, fmt.Errorf("who: %w: it is missing", presage.ErrInvalid)
	}
	if err := presage.CheckPlain(who, maxWho); err != nil {
		return presage.Rollout{}, fmt.Errorf("who: %w", err)
	}
	r, err := d.Rollout(ctx, id)
	if err != nil {
		return r, err
	}
	if !r.State.CanBecome(to) {
		return r, fmt.Errorf("roll-out %s: %w: one that is %s cannot become %s", id, presage.ErrConflict, r.State, to)
	}
	err = d.MoveRollout(ctx, presage.RolloutStep{
		ID: id, Seen: r.State, SeenRing: r.Ring, To: to, Ring: r.Ring, By: who, At: d.Now(),
	})
	if err != nil {
		return r, err
	}
	return d.Rollout(ctx, id)
}
