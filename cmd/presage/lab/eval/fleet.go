package eval

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/cmd/presage/demo"
	"presage/cmd/presage/progress"
	"presage/ingest"
	"presage/models"
	"presage/simulator"
)

// Fleet says which simulated fleet to follow. Nobody acts in it: no message
// goes out, owners and breakdowns are on their own.
type Fleet struct {
	Vehicles int
	Seed     uint64
	Start    time.Time
	Days     int // with the service
	Follow   int // days after the last prognosis; at least 90 for the whole table
}

// DefaultFleet is 200 vehicles over 100 days and 90 more, of a seed that
// nothing was tuned on.
func DefaultFleet() Fleet {
	return Fleet{
		Vehicles: 200, Seed: 20261121, Start: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Days: 100, Follow: 90,
	}
}

// part is one component of one vehicle.
type part struct {
	vin presage.VIN
	id  presage.ComponentID
}

// dueNight is a night on which a component was due.
type dueNight struct {
	at      time.Time
	failsAt time.Time // by the hidden truth, at the rate of that night; zero: not within ten years
}

// life is a fleet that is being followed.
type life struct {
	*service
	world  *simulator.World
	fleet  Fleet
	truths map[part]*ComponentTruth
	due    map[part][]dueNight // nights on which it was due
	latest []presage.Prognosis // of the last night
}

func evaluateFleet(ctx context.Context, o Options, t *Table) (err error) {
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		return err
	}
	c := simulator.Default(o.Fleet.Start)
	c.Vehicles, c.Seed, c.Catalogue = o.Fleet.Vehicles, o.Fleet.Seed, catalogue
	world, err := simulator.New(c)
	if err != nil {
		return err
	}
	s, ctx, err := open(ctx, o, o.Fleet.Start)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := demo.Register(ctx, s.App, world); err != nil {
		return err
	}
	l := &life{service: s, world: world, fleet: o.Fleet, truths: map[part]*ComponentTruth{}, due: map[part][]dueNight{}}
	l.look(o.Fleet.Start)
	bar := progress.New(o.Progress, "following a simulated fleet", "days", o.Fleet.Days+o.Fleet.Follow)
	for day := range o.Fleet.Days + o.Fleet.Follow {
		next := o.Fleet.Start.AddDate(0, 0, day+1)
		if day < o.Fleet.Days {
			err = l.serve(ctx, next)
		} else {
			l.follow(next)
		}
		if err != nil {
			return err
		}
		l.look(next)
		bar.Add(1)
	}
	bar.Finish()
	l.report(t)
	return nil
}

// serve lives until next with the service, and scores the night.
func (l *life) serve(ctx context.Context, next time.Time) error {
	l.Clock.Set(next)
	for m := range l.world.Advance(next) {
		if err := l.Pipeline.Submit(ctx, ingest.Message{Topic: m.Topic, Payload: m.Payload, Received: m.At}); err != nil {
			return err
		}
	}
	for _, r := range l.breakdowns() {
		if err := l.Outreach.RecordResult(ctx, r); err != nil {
			return err
		}
	}
	if err := l.Pipeline.Flush(ctx); err != nil {
		return err
	}
	if _, err := l.Score(ctx); err != nil {
		return err
	}
	l.latest = l.latest[:0]
	for p, err := range l.SQL.AllPrognoses(ctx) {
		if err != nil {
			return fmt.Errorf("read prognoses: %w", err)
		}
		l.latest = append(l.latest, p)
		if p.Status == presage.StatusDue {
			k := part{p.VIN, p.Component}
			truth, _ := l.world.Truth(p.VIN, p.Component)
			l.due[k] = append(l.due[k], dueNight{at: next, failsAt: truth.FailsAt})
		}
	}
	return nil
}

// follow lives until next without the service.
func (l *life) follow(next time.Time) {
	for range l.world.Advance(next) {
		continue // nobody listens: only the truth matters from here on
	}
	l.breakdowns()
}

// breakdowns takes what broke down into the truths and returns it.
func (l *life) breakdowns() []presage.WorkshopResult {
	results := l.world.Breakdowns()
	for _, r := range results {
		for _, f := range r.Findings {
			l.truthOf(part{r.VIN, f.Component}).Broke(r.At)
		}
	}
	return results
}

func (l *life) truthOf(k part) *ComponentTruth {
	f, ok := l.truths[k]
	if !ok {
		f = &ComponentTruth{}
		l.truths[k] = f
	}
	return f
}

// look takes the hidden truth of every component.
func (l *life) look(at time.Time) {
	for _, v := range l.world.Fleet().Vehicles {
		for _, c := range l.Catalogue.Components {
			if truth, ok := l.world.Truth(v.VIN, c.ID); ok {
				l.truthOf(part{v.VIN, c.ID}).Look(truth, at)
			}
		}
	}
}
