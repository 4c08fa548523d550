package decide

import (
	"context"
	"errors"
	"fmt"

	"presage"
	"presage/outreach/casework"
)

// Divert puts the cases on the route over the air whose faults a roll-out mends that has
// begun since: those that wait for an offer, or for a person. What is offered or booked
// stays with people. It returns how many it changed.
func (w *Watcher) Divert(ctx context.Context) (int, error) {
	cases, err := w.Store.CasesForRollouts(ctx)
	if err != nil {
		return 0, fmt.Errorf("cases of roll-outs: %w", err)
	}
	changed := 0
	var faults []error
	for _, c := range cases {
		moved, err := w.divert(ctx, c)
		switch {
		case casework.Overtaken(err):
		case err != nil:
			faults = append(faults, fmt.Errorf("case %s: %w", c.ID, err))
		case moved:
			changed++
		}
	}
	return changed, errors.Join(faults...)
}

func (w *Watcher) divert(ctx context.Context, c presage.Case) (bool, error) {
	x, err := w.remoteWay(ctx, c)
	if err != nil || x.Route != presage.RouteOTA || x.Why.Args["rollout"] == c.RouteWhy.Args["rollout"] {
		return false, err // it has had this one
	}
	change := presage.CaseChange{Route: x.Route, RouteWhy: x.Why}
	if c.State == presage.CaseOpen {
		change.DueAt = w.Now().Add(w.Rules().CallWithin(c.Severity))
	}
	ev := presage.CaseEvent{CaseID: c.ID, At: w.Now(), Who: casework.ByWatch, Reason: x.Why}
	if err := w.Store.AmendCase(ctx, c.ID, change, ev); err != nil || c.State != presage.CaseOpen {
		return err == nil, err
	}
	return true, w.Offerer.Offer(ctx, c.ID)
}

// remoteWay is the route over the air that all faults of a case have in common; another
// route, or none, where something else is wrong with its car.
func (w *Watcher) remoteWay(ctx context.Context, c presage.Case) (x way, err error) {
	v, err := w.Store.Vehicle(ctx, c.VIN)
	if err != nil {
		return x, err
	}
	alerts, err := w.Ledger.Alerts(ctx, c.VIN)
	if err != nil {
		return x, err
	}
	told := map[presage.ComponentID]bool{}
	for _, a := range casework.About(c, alerts) {
		y, err := w.wayOf(ctx, a, v)
		if err != nil || y.Route != presage.RouteOTA {
			return y, err
		}
		if x.Route != "" && y.Why.Args["rollout"] != x.Why.Args["rollout"] {
			return way{}, nil // two updates are a matter for people
		}
		x, told[a.Component] = y, true
	}
	if len(told) < len(c.Components) { // a component of which the car says nothing
		return way{}, nil
	}
	return x, nil
}
