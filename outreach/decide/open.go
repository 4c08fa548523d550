package decide

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/policy"
	"presage/outreach/visit"
)

// open decides on needs that no case takes care of: they join a case that
// stands, or begin one of their own.
func (d *Decider) open(ctx context.Context, x known, rep *Report) error {
	rep.Vehicles++
	v, err := d.Store.Vehicle(ctx, x.vin)
	if err != nil {
		return err
	}
	if v.CustomerID == "" || v.WorkshopID == "" {
		rep.NoCustomer++
		return nil
	}
	customer, err := d.Store.Customer(ctx, v.CustomerID)
	if err != nil {
		return err
	}
	all, again, err := d.weigh(ctx, x.vin, x.prognoses)
	if err != nil {
		return err
	}
	c, b := subject{vehicle: v, customer: customer, prognoses: x.prognoses}, beginning{again: again, all: all, rep: rep}
	left := rested(all)
	if len(due(left)) == 0 {
		rep.CoolingOff++
		return d.held(ctx, c, policy.Decision{}, b, presage.DecisionResting)
	}
	p, err := d.decide(ctx, v, left)
	if err != nil || !p.Act {
		return err
	}
	return d.place(ctx, x, c, p, b)
}

// place takes a decision into a case that stands, or begins one when its
// customer may hear of it.
func (d *Decider) place(ctx context.Context, x known, c subject, p policy.Decision, b beginning) error {
	joined, err := d.join(ctx, x, p)
	if err != nil {
		return err
	}
	if joined != "" {
		b.rep.Joined++
		return d.joined(ctx, c, p, b, joined)
	}
	capped, err := d.cappedFor(ctx, p, c.customer.ID)
	if err != nil {
		return err
	}
	if capped {
		b.rep.Capped++
		return d.held(ctx, c, p, b, presage.DecisionCapped)
	}
	_, err = d.begin(ctx, c, p, b)
	return err
}

// beginning is how a new case starts.
type beginning struct {
	again bool // safety, after an earlier case ended without a repair: a person calls
	all   []weighed
	rep   *Report
}

// begin stores the case in its first state and, where messages may go out, its offer.
// It returns the ID of the case.
func (d *Decider) begin(ctx context.Context, x subject, p policy.Decision, b beginning) (string, error) {
	raw, err := p.Marshal()
	if err != nil {
		return "", err
	}
	way, err := d.wayOf(ctx, x.vehicle, p)
	if err != nil {
		return "", err
	}
	now := d.Now()
	c := presage.Case{
		ID: casework.ID("c", string(x.vehicle.VIN), casework.Instant(now)), VIN: x.vehicle.VIN,
		CustomerID: x.customer.ID, WorkshopID: x.vehicle.WorkshopID,
		Components: p.Components, Severity: p.Severity, State: presage.CaseOpen,
		Route: way.Route, RouteWhy: way.Why, Site: way.site,
		Owner: presage.OwnerOutreach, OpenedAt: now, UpdatedAt: now, DueAt: now.Add(d.Rules().NoSlot),
		VisitBy: now.AddDate(0, 0, p.Day), FailWithin: p.FailWithin, Decision: raw,
		OdometerKm: driven(x.prognoses),
	}
	ev := presage.CaseEvent{CaseID: c.ID, At: now, Who: casework.ByPolicy, To: c.State}
	if p.Withheld {
		c.State, c.DueAt = presage.CaseWithheld, time.Time{}
		ev.To, ev.Reason = c.State, whyWithheld(p.Input)
	} else {
		ev.Reason = whyBegun(p)
		ev = d.Offerer.start(&c, x.customer, b.again, ev)
	}
	if err := d.opened(ctx, c, x, p, b); err != nil {
		return "", err
	}
	if err := d.Store.CreateCase(ctx, c, ev); err != nil {
		return "", fmt.Errorf("open case: %w", err)
	}
	b.rep.Cases++
	switch c.State {
	case presage.CaseWithheld:
		b.rep.Withheld++
	case presage.CaseSuppressed:
		b.rep.Suppressed++
	case presage.CaseEscalated:
		b.rep.Escalated++
	case presage.CaseOpen:
		return c.ID, d.Offerer.offer(ctx, c, x, b.rep)
	default:
	}
	return c.ID, nil
}

// whyBegun says what is due, or what the maker asks for.
func whyBegun(p policy.Decision) presage.Reason {
	code := presage.WhyDue
	if p.Policy == RecallPolicy {
		code = presage.WhyRecall
	}
	return presage.Because(code, "component", string(p.Components[0]), "days", strconv.Itoa(p.Day))
}

// whyWithheld says why nobody is told.
func whyWithheld(in policy.Input) presage.Reason {
	if in.OutsidePilot {
		return presage.Because(presage.WhyNotInPilot)
	}
	return presage.Because(presage.WhyWithheld, "draw", share(in.Draw), "share", share(in.Parameters.HoldOut))
}

// decide builds the policy's input from what the stores hold and decides.
func (d *Decider) decide(ctx context.Context, v presage.Vehicle, ps []presage.Prognosis) (policy.Decision, error) {
	now := d.Now()
	w, err := d.Store.Workshop(ctx, v.WorkshopID)
	if err != nil {
		return policy.Decision{}, err
	}
	r := d.Rules()
	in := policy.Input{
		VIN: v.VIN, At: now, Catalogue: d.Catalogue.Version, Parameters: r.Policy,
		Draw: policy.Draw(r.Experiment, v.VIN), PolicyVersion: r.PolicyVersion, OutsidePilot: !r.InPilot(v.WorkshopID),
	}
	for _, p := range ps {
		n, ok, err := d.need(ctx, v, w, p)
		if err != nil {
			return policy.Decision{}, err
		}
		if ok {
			in.Needs = append(in.Needs, n)
		}
	}
	if in.EarliestDay, err = d.earliestDay(ctx, w, in.Needs, now); err != nil {
		return policy.Decision{}, err
	}
	return policy.Decide(in)
}

// driven is what the car's odometer read last, in km; 0 if nobody knows.
func driven(ps []presage.Prognosis) (km presage.Kilometre) {
	for _, p := range ps {
		km = max(km, p.OdometerKm)
	}
	return km
}

// need is what a prognosis asks of a workshop; false for what is no visit.
func (d *Decider) need(ctx context.Context, v presage.Vehicle, w presage.Workshop, p presage.Prognosis,
) (policy.Need, bool, error) {
	c, err := d.Catalogue.Component(p.Component)
	if err != nil || !c.Visits() {
		return policy.Need{}, false, nil //nolint:nilerr // a catalogue without it cannot repair it; software is not a visit
	}
	j, err := d.Catalogue.Job(c.JobCode)
	if err != nil {
		return policy.Need{}, false, err
	}
	now := d.Now()
	x, err := d.Agenda.SupplyOf(ctx, w.DepotID, j.Parts, now)
	if err != nil {
		return policy.Need{}, false, err
	}
	var age time.Duration
	if !v.InService.IsZero() {
		age = now.Sub(v.InService)
	}
	return policy.NeedOf(p, c, j, age, visit.DaysUntil(x.Ready(now), now)), true, nil
}

// earliestDay is the first day with a free slot for the due components.
func (d *Decider) earliestDay(ctx context.Context, w presage.Workshop, needs []policy.Need, now time.Time,
) (int, error) {
	var ids []presage.ComponentID
	for _, n := range needs {
		if n.Status == presage.StatusDue {
			ids = append(ids, n.Component)
		}
	}
	v, err := d.Agenda.PlanFor(presage.Case{Components: ids}, presage.Vehicle{}, nil)
	if err != nil {
		return 0, err
	}
	from := now.Add(d.Rules().Notice)
	to := from.AddDate(0, 0, d.Rules().SearchDays)
	slots, err := d.Agenda.Search(ctx, w, v, visit.Window{From: from, To: to, Limit: 1})
	if err != nil {
		return 0, err
	}
	if len(slots) == 0 {
		return d.Rules().SearchDays, nil
	}
	return int(slots[0].Start.Sub(now).Hours() / 24), nil
}

// cappedFor tells whether a decision has to wait for the frequency cap. Safety
// never waits, and a withheld case sends nothing.
func (d *Decider) cappedFor(ctx context.Context, p policy.Decision, customerID string) (bool, error) {
	if p.Severity == presage.Safety || p.Withheld {
		return false, nil
	}
	return d.Cap.Reached(ctx, customerID)
}

// share is a number in [0, 1] as an argument of a reason.
func share(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }
