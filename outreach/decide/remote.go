package decide

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"presage"
	"presage/internal/wording"
	"presage/outreach/contact"
	"presage/outreach/policy"
	"presage/outreach/route"
	"presage/outreach/visit"
)

// Remote mends cars over the air.
type Remote interface {
	// For is the roll-out that mends a fault of a car; nil for none.
	For(ctx context.Context, v presage.Vehicle, id presage.ComponentID, code string) (*presage.Rollout, error)
	// Cleared acts on a case whose fault is gone: it is mended when its car has installed
	// the software, else it waits for that.
	Cleared(ctx context.Context, c presage.Case, why presage.Reason) error
}

// way is a chosen route, and where a van comes to.
type way struct {
	route.Choice
	site *presage.Site // nil but for the route by van
}

// wayOf chooses the route of a case that an alert opens.
func (w *Watcher) wayOf(ctx context.Context, a presage.Alert, v presage.Vehicle) (way, error) {
	r, err := w.Remote.For(ctx, v, a.Component, a.Code)
	if err != nil {
		return way{}, fmt.Errorf("roll-outs: %w", err)
	}
	about := []presage.ComponentID{a.Component}
	site, err := w.Offerer.van(ctx, v, presage.Case{
		VIN: v.VIN, Components: about, Alerted: about, Severity: a.Severity,
	})
	if err != nil {
		return way{}, err
	}
	comp, _ := w.Catalogue.Component(a.Component) // unknown: without a job
	job := cmp.Or(comp.DiagnosisCode, comp.JobCode)
	return choose(w.Catalogue.RouteCosts, route.Ask{
		Severity: a.Severity, Allowed: w.Catalogue.RoutesOf(a.Component, job, a.Rule), Rollout: r,
	}, site), nil
}

// choose chooses a route where a van may come to a site; nil for none.
func choose(costs map[presage.Route]presage.RouteCost, a route.Ask, site *presage.Site) way {
	if site != nil {
		a.Van = &route.Van{Km: site.Km}
	}
	x := way{Choice: route.Choose(costs, a)}
	if x.Route == presage.RouteMobile {
		x.site = site
	}
	return x
}

// van is where a van would repair a car, of the workshop that its offers go to; nil for none.
func (o *Offerer) van(ctx context.Context, v presage.Vehicle, c presage.Case) (*presage.Site, error) {
	if o.Agenda.Whereabouts == nil || !o.Agenda.Mobile(c) {
		return nil, nil //nolint:nilnil // no van is no fault
	}
	w, err := o.Store.Workshop(ctx, v.WorkshopID)
	if err != nil {
		return nil, err
	}
	plan, err := o.Agenda.PlanFor(c, v, nil)
	if err != nil {
		return nil, err
	}
	return o.Agenda.Van(ctx, w, c, plan)
}

// wayOf chooses the route of a case about what the models say is due: what wears is not
// mended over the air.
func (d *Decider) wayOf(ctx context.Context, v presage.Vehicle, p policy.Decision) (way, error) {
	allowed := presage.Routes()
	for _, id := range p.Components {
		comp, _ := d.Catalogue.Component(id) // unknown: without a job
		these := d.Catalogue.RoutesOf(id, comp.JobCode, "")
		allowed = slices.DeleteFunc(allowed, func(r presage.Route) bool { return !slices.Contains(these, r) })
	}
	site, err := d.Offerer.van(ctx, v, presage.Case{VIN: v.VIN, Components: p.Components, Severity: p.Severity})
	return choose(d.Catalogue.RouteCosts, route.Ask{Severity: p.Severity, Allowed: allowed}, site), err
}

// toWorkshop lets a case over the air go on at the workshop: more is wrong with the car,
// and one visit serves all of it.
func toWorkshop(c presage.Case, change *presage.CaseChange) {
	if c.Route == presage.RouteOTA {
		change.Route, change.RouteWhy = presage.RouteWorkshop, presage.Because(presage.WhyRouteTogether)
	}
}

// homeward lets a case by van go on at the workshop where a van cannot do all of it.
func (o *Offerer) homeward(c presage.Case, change *presage.CaseChange) {
	if c.Route != presage.RouteMobile {
		return
	}
	if change.Components != nil {
		c.Components = change.Components
	}
	if change.Alerted != nil {
		c.Alerted = change.Alerted
	}
	if change.Severity != "" {
		c.Severity = change.Severity
	}
	if !o.Agenda.Mobile(c) {
		change.Route, change.RouteWhy = presage.RouteWorkshop, presage.Because(presage.WhyRouteTogether)
	}
}

// times are the slots of an offer: of the van where it is planned and free, else of the
// workshop.
func (o *Offerer) times(
	ctx context.Context, c presage.Case, x subject, plan *visit.Plan, w presage.Workshop,
) ([]presage.Slot, error) {
	slots, err := o.slots(ctx, c, x, *plan, w)
	if err != nil || len(slots) > 0 || plan.Site == nil {
		return slots, err
	}
	plan.Stay(o.Agenda)
	return o.slots(ctx, c, x, *plan, w)
}

// reassure tells a customer once that a case needs nothing of them: the car is mended
// over the air. Who can be told nothing loses nothing by it.
func (o *Offerer) reassure(ctx context.Context, c presage.Case, x subject, facts wording.Facts) error {
	channels := o.Planner.From(x.customer.For(c.Purpose()), x.from)
	if len(channels) == 0 || channels[0] == presage.ChannelCall {
		return nil
	}
	m, err := o.Planner.Message(wording.Remote, facts, contact.Draft{
		About: c.ID, Case: c, Customer: x.customer, Channel: channels[0],
		At: o.Planner.QuietFor(x.customer, c.Purpose()).Until(o.Now()),
	})
	if err != nil {
		return err
	}
	return o.Store.PutMessages(ctx, []presage.Message{m})
}
