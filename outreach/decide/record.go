package decide

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/calendar"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/policy"
	"presage/outreach/replay"
	"presage/outreach/rules"
)

// RecordStore keeps decisions with all that they rested on.
type RecordStore interface {
	// PutDecision keeps the record of a decision; one with the same ID is kept as it is.
	PutDecision(ctx context.Context, d presage.DecisionRecord) error
	DecisionKept(ctx context.Context, id string) (bool, error)
	// OffersTold lists the non-safety offers that were sent to a customer since then.
	OffersTold(ctx context.Context, customerID string, since time.Time) ([]presage.ToldOffer, error)
}

// outcomeOf is what a new case in a state means to its customer.
func outcomeOf(s presage.CaseState) presage.DecisionOutcome {
	switch s {
	case presage.CaseWithheld:
		return presage.DecisionWithheld
	case presage.CaseSuppressed:
		return presage.DecisionSuppressed
	case presage.CaseEscalated:
		return presage.DecisionCalled
	default:
		return presage.DecisionTold
	}
}

// opened records a decision before its case is opened: without the case it does not count.
func (d *Decider) opened(ctx context.Context, c presage.Case, x subject, p policy.Decision, b beginning) error {
	if p.Policy == RecallPolicy { // the maker decided
		return nil
	}
	return d.record(ctx, x, p, b, presage.DecisionRecord{
		ID: casework.ID("d", c.ID), CaseID: c.ID, Outcome: outcomeOf(c.State),
	})
}

// joined records a decision that a standing case took in.
func (d *Decider) joined(ctx context.Context, x subject, p policy.Decision, b beginning, caseID string) error {
	return d.record(ctx, x, p, b, presage.DecisionRecord{
		ID: casework.ID("d", caseID, casework.Instant(d.Now())), CaseID: caseID, Outcome: presage.DecisionJoined,
	})
}

// held records that nothing is said for now: once for each state of the prognoses,
// so that a pass that learns nothing writes nothing.
func (d *Decider) held(
	ctx context.Context, x subject, p policy.Decision, b beginning, why presage.DecisionOutcome,
) error {
	var judged time.Time
	for _, w := range b.all {
		if w.Status == presage.StatusDue {
			judged = casework.Later(judged, w.AsOf)
		}
	}
	id := casework.ID("d", string(x.vehicle.VIN), string(why), casework.Instant(judged))
	if kept, err := d.Store.DecisionKept(ctx, id); err != nil || kept {
		return err
	}
	return d.record(ctx, x, p, b, presage.DecisionRecord{ID: id, Outcome: why})
}

// record keeps a decision with what it rested on.
func (d *Decider) record(
	ctx context.Context, x subject, p policy.Decision, b beginning, r presage.DecisionRecord,
) error {
	known, err := d.known(ctx, x, p, b)
	if err != nil {
		return fmt.Errorf("record decision: %w", err)
	}
	if !slices.ContainsFunc(known.Needs, func(n replay.Need) bool { return n.Status == presage.StatusDue }) {
		return nil // what is due is no visit: software, or nothing that the catalogue knows
	}
	if known.Joined = r.Outcome == presage.DecisionJoined; r.CaseID != "" && !known.Joined {
		known.Opened = &replay.Opened{Components: p.Components, Severity: p.Severity, Day: p.Day}
	}
	return d.Offerer.keep(ctx, d.Store, x, known, r)
}

// known is what was known of a vehicle: also what rests, which another policy may
// bring up.
func (d *Decider) known(ctx context.Context, x subject, p policy.Decision, b beginning) (replay.Known, error) {
	known := replay.Known{Catalogue: d.Catalogue.Version, EarliestDay: p.Input.EarliestDay}
	w, err := d.Store.Workshop(ctx, x.vehicle.WorkshopID)
	if err != nil {
		return known, err
	}
	var all []policy.Need
	for _, one := range b.all {
		i := slices.IndexFunc(p.Input.Needs, func(n policy.Need) bool { return n.Component == one.Component })
		var n policy.Need
		ok := i >= 0
		if ok {
			n = p.Input.Needs[i]
		} else if n, ok, err = d.need(ctx, x.vehicle, w, one.Prognosis); err != nil {
			return known, err
		}
		if !ok {
			continue
		}
		pays, err := d.pays(x, w, n.Component)
		if err != nil {
			return known, err
		}
		all = append(all, n)
		known.Needs = append(known.Needs, replay.Need{Need: n, Last: one.last, Pays: pays})
	}
	if len(p.Input.Needs) == 0 { // nothing was decided: no day was looked for
		known.EarliestDay, err = d.earliestDay(ctx, w, all, d.Now())
	}
	return known, err
}

// pays is what the customer pays for the repair of a component by itself.
func (d *Decider) pays(x subject, w presage.Workshop, id presage.ComponentID) (presage.Money, error) {
	c := presage.Case{
		Components: []presage.ComponentID{id}, OpenedAt: d.Now(), OdometerKm: driven(x.prognoses),
	}
	plan, err := d.Agenda.PlanFor(c, x.vehicle, x.prognoses)
	return plan.PriceAt(w), err
}

// keep completes a record with what is the same for each kind, and stores it.
func (o *Offerer) keep(
	ctx context.Context, s RecordStore, x subject, known replay.Known, d presage.DecisionRecord,
) error {
	now, r := o.Now(), o.Rules()
	var err error
	if known.Told, err = s.OffersTold(ctx, x.customer.ID, now.Add(-replay.ToldFor)); err != nil {
		return err
	}
	known.Zone, known.Country = x.customer.Zone, calendar.CountryOf(x.customer.Phone)
	known.Ways = map[presage.Purpose]replay.Way{}
	for _, purpose := range []presage.Purpose{presage.PurposeSafety, presage.PurposeService} {
		c := x.customer.For(purpose)
		callable := contact.Callable(c)
		known.Ways[purpose] = replay.Way{
			Channels: o.Planner.Route(c), Callable: callable, Calls: r.Calls && callable,
		}
	}
	if r.PolicyVersion == 0 {
		if known.Rules, err = rules.DocumentOf(r).Marshal(); err != nil {
			return err
		}
	}
	if d.Known, err = known.Marshal(); err != nil {
		return err
	}
	d.At, d.VIN, d.CustomerID, d.WorkshopID = now, x.vehicle.VIN, x.customer.ID, x.vehicle.WorkshopID
	d.PolicyVersion = r.PolicyVersion
	return s.PutDecision(ctx, d)
}

// rung is what an alert was about.
type rung struct {
	subject

	comp presage.Component
	last *replay.Last
}

// record keeps what was decided about an alert; c is nil where no case is opened.
func (w *Watcher) record(
	ctx context.Context, a presage.Alert, x rung, c *presage.Case, o presage.DecisionOutcome,
) error {
	d := presage.DecisionRecord{ID: casework.ID("d", caseOf(a)), Outcome: o}
	known := replay.Known{Catalogue: w.Catalogue.Version, Alert: &a, Needs: []replay.Need{{
		Need: policy.Need{Component: a.Component, Severity: x.comp.Severity}, Last: x.last,
	}}}
	if c != nil {
		d.CaseID = c.ID
		known.Opened = &replay.Opened{Components: c.Components, Severity: c.Severity}
	} else {
		d.ID = casework.ID("d", caseOf(a), string(o))
		if kept, err := w.Store.DecisionKept(ctx, d.ID); err != nil || kept {
			return err
		}
	}
	return w.Offerer.keep(ctx, w.Store, x.subject, known, d)
}
