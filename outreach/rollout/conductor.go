package rollout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/outreach/casework"
)

// Store is what a roll-out works with. ErrNotFound for an unknown ID.
type Store interface {
	LiveRollouts(ctx context.Context) ([]presage.Rollout, error)
	Rollout(ctx context.Context, id string) (presage.Rollout, error)
	// JoinRollout takes in the known cars that run a version which it replaces.
	JoinRollout(ctx context.Context, r presage.Rollout) error
	// RolloutTurn lists cars of the served ring that wait for their command.
	RolloutTurn(ctx context.Context, r presage.Rollout, limit int) ([]presage.VIN, error)
	// SendRollout puts the command of a car that waits; ErrConflict when it does not.
	SendRollout(ctx context.Context, id string, c presage.Command) (presage.Command, error)
	ExpireRollout(ctx context.Context, id string, now time.Time) error
	RolloutRing(ctx context.Context, r presage.Rollout) (presage.RolloutRing, error)
	MoveRollout(ctx context.Context, x presage.RolloutStep) error
	RolloutCars(ctx context.Context, f presage.RolloutCarFilter) ([]presage.RolloutCar, error)
	SoftwareOf(ctx context.Context, vin presage.VIN) (string, error)

	// CasesOverAir lists the cases that wait to be mended over the air.
	CasesOverAir(ctx context.Context) ([]presage.Case, error)
	// ChangeCase sets a new deadline without moving the case.
	ChangeCase(ctx context.Context, id string, change presage.CaseChange, at time.Time) error
	// AmendCase changes a case without moving it and notes why; ErrConflict when it has ended.
	AmendCase(ctx context.Context, id string, change presage.CaseChange, ev presage.CaseEvent) error
}

// Offerer makes the offer of an open case.
type Offerer interface {
	Offer(ctx context.Context, caseID string) error
}

// Conductor leads roll-outs. Its fields are set once, before its first use.
type Conductor struct {
	Store  Store
	Ledger *casework.Ledger
	Offers Offerer
	Now    func() time.Time
	Log    *slog.Logger
}

// sentAtOnce is how many cars of a roll-out get their command in one pass.
const sentAtOnce = 500

// Lead goes on with all roll-outs: cars that came since are taken in, the next ring
// begins or the roll-out halts, and cars whose turn it is get their command. It
// returns how many commands were put. Any number of processes may do it.
func (c *Conductor) Lead(ctx context.Context) (int, error) {
	rs, err := c.Store.LiveRollouts(ctx)
	if err != nil {
		return 0, fmt.Errorf("roll-outs: %w", err)
	}
	sent := 0
	var faults []error
	for _, r := range rs {
		n, err := c.lead(ctx, r)
		if sent += n; err != nil && !casework.Overtaken(err) {
			faults = append(faults, fmt.Errorf("roll-out %s: %w", r.ID, err))
		}
	}
	return sent, errors.Join(faults...)
}

func (c *Conductor) lead(ctx context.Context, r presage.Rollout) (int, error) {
	if err := c.Store.JoinRollout(ctx, r); err != nil {
		return 0, err
	}
	if err := c.Store.ExpireRollout(ctx, r.ID, c.Now()); err != nil {
		return 0, err
	}
	for r.Live() {
		ring, err := c.Store.RolloutRing(ctx, r)
		if err != nil {
			return 0, err
		}
		step, moves := Judge(r, ring)
		if !moves {
			break
		}
		step.At = c.Now()
		if err := c.Store.MoveRollout(ctx, step); err != nil {
			return 0, err
		}
		c.Log.InfoContext(ctx, "roll-out", "id", r.ID, "state", step.To, "ring", step.Ring+1)
		r.State, r.Ring, r.Since = step.To, step.Ring, step.At
	}
	if !r.Live() {
		return 0, nil
	}
	return c.send(ctx, r)
}

// Judge tells what becomes of a roll-out by the answers of its ring: it halts, its next
// ring begins, or it is done. False: it goes on as it is.
func Judge(r presage.Rollout, x presage.RolloutRing) (presage.RolloutStep, bool) {
	step := presage.RolloutStep{ID: r.ID, Seen: r.State, SeenRing: r.Ring, To: r.State, Ring: r.Ring, By: r.By}
	switch {
	case x.Lately >= r.MinAnswers && float64(x.LateFails) > r.HaltShare*float64(x.Lately):
		step.To = presage.RolloutHalted
		step.Reason = presage.Because(presage.WhyRolloutHalted,
			"failed", strconv.Itoa(x.LateFails), "answers", strconv.Itoa(x.Lately))
	case r.State == presage.RolloutDone:
		return step, false
	case x.All == 0: // its cars are still to say what they run
		return step, false
	case float64(x.Installed) < r.PassShare*float64(x.Cars):
		return step, false
	case r.Ring < len(r.Rings)-1:
		step.Ring++
	default:
		step.To = presage.RolloutDone
	}
	return step, true
}

// command is what a car is sent.
type command struct {
	Type        string              `json:"type"`
	Rollout     string              `json:"rollout"`
	Component   presage.ComponentID `json:"component"`
	From        []string            `json:"from"`
	To          string              `json:"to"`
	InstallWhen string              `json:"install_when"` // never while driving
	ExpiresAt   time.Time           `json:"expires_at"`
}

func (c *Conductor) send(ctx context.Context, r presage.Rollout) (int, error) {
	vins, err := c.Store.RolloutTurn(ctx, r, sentAtOnce)
	if err != nil {
		return 0, err
	}
	now := c.Now().UTC()
	expires := now.Add(time.Duration(r.Hours) * time.Hour)
	payload, err := json.Marshal(command{
		Type: presage.EventOTA, Rollout: r.ID, Component: r.Component, From: r.From, To: r.To,
		InstallWhen: "parked", ExpiresAt: expires,
	})
	if err != nil {
		return 0, err
	}
	sent := 0
	for _, vin := range vins {
		_, err := c.Store.SendRollout(ctx, r.ID, presage.Command{
			VIN: vin, Payload: payload, CreatedAt: now, ExpiresAt: expires, By: "rollout " + r.ID,
		})
		switch {
		case err == nil:
			sent++
		case errors.Is(err, presage.ErrConflict), errors.Is(err, presage.ErrNotFound): // another process, or later
		default:
			return sent, err
		}
	}
	return sent, nil
}

// For is the roll-out that mends a fault of a car over the air; nil for none. One that
// the car has had, whatever came of it, mends nothing more.
func (c *Conductor) For(ctx context.Context, v presage.Vehicle, id presage.ComponentID, code string,
) (*presage.Rollout, error) {
	rs, err := c.Store.LiveRollouts(ctx)
	if err != nil || len(rs) == 0 {
		return nil, err
	}
	version, err := c.Store.SoftwareOf(ctx, v.VIN)
	if err != nil || version == "" {
		return nil, err
	}
	had, err := c.Store.RolloutCars(ctx, presage.RolloutCarFilter{VIN: v.VIN})
	if err != nil {
		return nil, err
	}
	for _, r := range rs {
		over := slices.ContainsFunc(had, func(x presage.RolloutCar) bool {
			return x.Rollout == r.ID && x.State.Over()
		})
		if !over && r.Mends(id, code) && r.Serves(v, version) {
			return &r, nil
		}
	}
	return nil, nil
}
