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
)

// Remote mends cars over the air.
type Remote interface {
	// For is the roll-out that mends a fault of a car; nil for none.
	For(ctx context.Context, v presage.Vehicle, id presage.ComponentID, code string) (*presage.Rollout, error)
	// Cleared acts on a case whose fault is gone: it is mended when its car has installed
	// the software, else it waits for that.
	Cleared(ctx context.Context, c presage.Case, why presage.Reason) error
}

// wayOf chooses the route of a case that an alert opens.
func (w *Watcher) wayOf(ctx context.Context, a presage.Alert, v presage.Vehicle) (route.Choice, error) {
	r, err := w.Remote.For(ctx, v, a.Component, a.Code)
	if err != nil {
		return route.Choice{}, fmt.Errorf("roll-outs: %w", err)
	}
	comp, _ := w.Catalogue.Component(a.Component) // unknown: without a job
	job := cmp.Or(comp.DiagnosisCode, comp.JobCode)
	return route.Choose(w.Catalogue.RouteCosts, route.Ask{
		Severity: a.Severity, Allowed: w.Catalogue.RoutesOf(a.Component, job, a.Rule), Rollout: r,
	}), nil
}

// wayOf chooses the route of a case about what the models say is due: what wears is not
// mended over the air, and a van is asked for by persons.
func (d *Decider) wayOf(p policy.Decision) route.Choice {
	allowed := presage.Routes()
	for _, id := range p.Components {
		comp, _ := d.Catalogue.Component(id) // unknown: without a job
		these := d.Catalogue.RoutesOf(id, comp.JobCode, "")
		allowed = slices.DeleteFunc(allowed, func(r presage.Route) bool { return !slices.Contains(these, r) })
	}
	return route.Choose(d.Catalogue.RouteCosts, route.Ask{Severity: p.Severity, Allowed: allowed})
}

// toWorkshop lets a case over the air go on at the workshop: more is wrong with the car,
// and one visit serves all of it.
func toWorkshop(c presage.Case, change *presage.CaseChange) {
	if c.Route == presage.RouteOTA {
		change.Route, change.RouteWhy = presage.RouteWorkshop, presage.Because(presage.WhyRouteTogether)
	}
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
