package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"presage"
	"presage/internal/cluster"
	"presage/models/scoring"
)

// sharedPasses are the passes of a process among others on one database. Each judges the
// shards that it holds; decisions, the plan and lessons are made by one, whichever
// leads them. What is behind follows from the duties alone: a process that takes over
// goes on where the one before stopped.
type sharedPasses struct {
	member *cluster.Member
	stage  *scoring.Stage
	part   func([]presage.Duty) scoring.Part
	store  sharedStore
	once   *passes // decides and plans
	sweep  func(context.Context) error
	now    func() time.Time
	log    *slog.Logger

	decideAtOnce int // vehicles that are decided on before they leave the list

	swept int64 // the token under which deadlines were last looked at
}

// sharedStore is what shared passes need of the relational store.
type sharedStore interface {
	Duties(ctx context.Context) ([]presage.Duty, error)
	AskDuty(ctx context.Context, name string) error
	AssignShards(ctx context.Context) error
	Undecided(ctx context.Context, after presage.VIN, limit int) ([]presage.Outdated, error)
	ClearUndecided(ctx context.Context, list []presage.Outdated) error
	Setting(ctx context.Context, name string) (string, error)
	PutSettingFor(ctx context.Context, d presage.Duty, name, value string) error
}

// pass does what is new, and what is behind the night that began at a time.
func (p *sharedPasses) pass(ctx context.Context, night time.Time) error {
	errScore := p.score(ctx, night)
	return errors.Join(wrap("score", errScore), p.decide(ctx, night), p.sweepFirst(ctx), p.plan(ctx, night))
}

func (p *sharedPasses) score(ctx context.Context, night time.Time) error {
	if !p.member.Self().Has(presage.ProcessScore) {
		return nil
	}
	if err := p.store.AssignShards(ctx); err != nil {
		return err
	}
	lesson, ready, err := p.lesson(ctx, night)
	if err != nil {
		return p.handedOn(ctx, err)
	}
	if !ready { // what is new can be rolled up
		return p.scoreNew(ctx)
	}
	asOf := night
	if lesson.After(night) {
		asOf = lesson
	}
	var errs []error
	for _, d := range p.member.Held() {
		if d.IsShard() && d.Done.Before(asOf) && ctx.Err() == nil {
			errs = append(errs, p.handedOn(ctx, p.scoreShard(ctx, d.Name, asOf)))
		}
	}
	return errors.Join(append(errs, p.scoreNew(ctx))...)
}

// scoreNew judges the vehicles of all shards of this process of which something new is known.
func (p *sharedPasses) scoreNew(ctx context.Context) error {
	shards := p.member.Begin()
	defer p.member.End(shards...)
	if len(shards) == 0 {
		return nil
	}
	_, err := p.stage.ScoreNewPart(ctx, p.part(shards))
	return p.handedOn(ctx, err)
}

// scoreShard judges every vehicle of a shard that this process still has.
func (p *sharedPasses) scoreShard(ctx context.Context, name string, asOf time.Time) error {
	d, ok := p.member.BeginOne(name)
	if !ok {
		return nil
	}
	defer p.member.End(d)
	rep, err := p.stage.ScorePart(ctx, p.part([]presage.Duty{d}))
	if err != nil && (rep.Vehicles == 0 || errors.Is(err, presage.ErrFenced)) {
		return err
	}
	// Some day could not be read: that must not keep the shard behind for ever.
	if now := p.now(); now.After(asOf) {
		asOf = now
	}
	return errors.Join(err, p.member.Finish(ctx, d, asOf))
}

// lesson takes in what the fleet has taught, or draws the lesson when it is time and this
// process leads. ready is false while another one is about to: who judged before would
// judge by the last one.
func (p *sharedPasses) lesson(ctx context.Context, night time.Time) (at time.Time, ready bool, err error) {
	at, due, err := p.stage.Lesson(ctx)
	if err != nil || !due {
		return at, err == nil, err
	}
	duties, err := p.store.Duties(ctx)
	if err != nil {
		return at, false, err
	}
	if !at.IsZero() && !behind(duties, night) {
		return at, true, nil // it waits for the night
	}
	leader, leads := p.member.Leads(presage.DutyLearn)
	if !leads {
		return at, false, nil
	}
	if at.IsZero() { // it is to say something of what is here already
		if err := p.scoreNew(ctx); err != nil {
			return at, false, err
		}
	}
	at, err = p.stage.Learn(ctx, lessonMemory{p.store, leader})
	return at, err == nil, err
}

// lessonMemory keeps a lesson for who leads.
type lessonMemory struct {
	sharedStore

	leader presage.Duty
}

// PutSetting is refused when another process leads by now.
func (m lessonMemory) PutSetting(ctx context.Context, name, value string) error {
	return m.PutSettingFor(ctx, m.leader, name, value)
}

// behind tells whether some shard was not judged since the night began.
func behind(duties []presage.Duty, night time.Time) bool {
	return slices.ContainsFunc(duties, func(d presage.Duty) bool { return d.IsShard() && d.Done.Before(night) })
}

// handedOn takes the error of work that another process has by now: it is done there.
func (p *sharedPasses) handedOn(ctx context.Context, err error) error {
	if errors.Is(err, presage.ErrFenced) {
		p.log.InfoContext(ctx, "a shard was handed on while it was judged: nothing of it was written", "error", err)
		return nil
	}
	return err
}

// decide looks at the whole fleet once all shards have been judged by night, and at what
// was judged anew otherwise.
func (p *sharedPasses) decide(ctx context.Context, night time.Time) error {
	leader, leads := p.member.Leads(presage.DutyOutreach)
	if !leads {
		return nil
	}
	duties, err := p.store.Duties(ctx)
	if err != nil {
		return wrap("decide", err)
	}
	if !leader.Done.Before(night) || behind(duties, night) {
		return p.decideNew(ctx)
	}
	list, err := p.store.Undecided(ctx, "", 0)
	if err == nil {
		err = p.once.decideAll(ctx)
	}
	if err == nil {
		err = p.store.ClearUndecided(ctx, list)
	}
	if err == nil {
		err = p.member.Finish(ctx, leader, p.now())
	}
	return p.handedOn(ctx, wrap("decide", err))
}

// decideNew decides on the vehicles that were judged anew, some at a time. Where it fails those
// stay on the list, and the others get their turn.
func (p *sharedPasses) decideNew(ctx context.Context) error {
	var faults []error
	for after := presage.VIN(""); ; {
		list, err := p.store.Undecided(ctx, after, p.decideAtOnce)
		if err != nil || len(list) == 0 {
			return errors.Join(append(faults, wrap("decide", err))...)
		}
		vins := make([]presage.VIN, len(list))
		for i, o := range list {
			vins[i] = o.VIN
		}
		if err = p.once.decideFor(ctx, vins); err == nil {
			err = p.store.ClearUndecided(ctx, list)
		}
		faults = append(faults, wrap("decide", err))
		if errors.Is(err, presage.ErrUnavailable) || ctx.Err() != nil {
			return errors.Join(faults...)
		}
		after = vins[len(vins)-1]
	}
}

// sweepFirst looks at the deadlines as soon as this process leads: the one before may have
// died long before it looked again.
func (p *sharedPasses) sweepFirst(ctx context.Context) error {
	if leader, leads := p.member.Leads(presage.DutyOutreach); !leads || leader.Token == p.swept {
		return nil
	}
	return p.deadlines(ctx)
}

// deadlines looks at them if this process leads.
func (p *sharedPasses) deadlines(ctx context.Context) error {
	leader, leads := p.member.Leads(presage.DutyOutreach)
	if !leads {
		return nil
	}
	if err := p.sweep(ctx); err != nil {
		return err
	}
	p.swept = leader.Token
	return nil
}

// plan makes the parts plan after the decisions of a night, when somebody asks for it, and
// as often as it is cheap.
func (p *sharedPasses) plan(ctx context.Context, night time.Time) error {
	leader, leads := p.member.Leads(presage.DutyForecast)
	if !leads {
		return nil
	}
	duties, err := p.store.Duties(ctx)
	if err != nil {
		return wrap("forecast", err)
	}
	done := func(name string) time.Time {
		for _, d := range duties {
			if d.Name == name && d.Owner != "" {
				return d.Done
			}
		}
		return night // nobody does it: nothing to wait for
	}
	due := done(presage.DutyForecast).Before(night) && !done(presage.DutyOutreach).Before(night)
	if p.once.planRests() && !due {
		return nil
	}
	if err := p.once.replan(ctx); err != nil || !due {
		return err
	}
	return p.handedOn(ctx, wrap("forecast", p.member.Finish(ctx, leader, p.now())))
}

// replan makes a plan at once, or asks the process that leads it.
func (p *sharedPasses) replan(ctx context.Context) error {
	if _, leads := p.member.Leads(presage.DutyForecast); leads {
		return p.once.replan(ctx)
	}
	return wrap("forecast", p.store.AskDuty(ctx, presage.DutyForecast))
}
