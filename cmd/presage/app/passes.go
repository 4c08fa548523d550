package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"presage"
	"presage/models/scoring"
)

// passes judge, decide and plan, over the whole fleet or over what is new. One goroutine at
// a time makes them.
type passes struct {
	scoreAll, scoreNew func(context.Context) (scoring.Report, error)
	decideAll          func(context.Context) error
	decideFor          func(context.Context, []presage.VIN) error
	plan               func(context.Context) error
	wall               func() time.Time

	undecided []presage.VIN // judged, but deciding for them failed
	planned   time.Time     // when the last plan of the parts ended, by the wall
	planTook  time.Duration // how long that one took
}

func (p *passes) night(ctx context.Context) error {
	scored, err := p.scoreAll(ctx)
	if err != nil && scored.Vehicles == 0 {
		return wrap("score", err)
	}
	// Some day could not be read: that must not keep the others waiting.
	errDecide := p.decideAll(ctx)
	if errDecide == nil {
		p.undecided = nil
	}
	return errors.Join(wrap("score", err), errDecide, p.replan(ctx))
}

func (p *passes) fresh(ctx context.Context) error {
	scored, err := p.scoreNew(ctx)
	errs := []error{wrap("score", err)}
	switch vins := slices.Concat(p.undecided, scored.VINs); {
	case scored.VINs == nil && scored.Vehicles > 0: // the first pass ever is over the whole fleet
		errs = append(errs, p.decideAll(ctx))
	case scored.VINs == nil: // it failed before it judged any
	default:
		slices.Sort(vins)
		p.undecided = slices.Compact(vins)
		if err := p.decideFor(ctx, p.undecided); err != nil {
			errs = append(errs, err)
		} else {
			p.undecided = nil
		}
	}
	if !p.planRests() {
		errs = append(errs, p.replan(ctx))
	}
	return errors.Join(errs...)
}

// What planning may cost: a plan of a large fleet takes its time, and new data come all the time.
const (
	shortPlan = time.Second // one that takes no longer is made as often as it is asked for
	planShare = 10          // others take a tenth of the time at most
)

// replan makes a new plan of the parts.
func (p *passes) replan(ctx context.Context) error {
	begun := p.wall()
	err := p.plan(ctx)
	p.planned = p.wall()
	p.planTook = p.planned.Sub(begun)
	return err
}

// planRests tells whether the last plan was made so lately, for what it cost,
// that the next one can wait.
func (p *passes) planRests() bool {
	return p.planTook > shortPlan && p.wall().Sub(p.planned) < (planShare-1)*p.planTook
}
