package decide

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/route"
)

// Rescuer fetches cars that stand still.
type Rescuer interface {
	// Stands tells whether a car stands still for an alert.
	Stands(ctx context.Context, a presage.Alert) bool
	// Turn is what makes a case one with a rescue.
	Turn() presage.CaseChange
	// TurnCase puts a case that waits on the route rescue; its offer is withdrawn.
	TurnCase(ctx context.Context, c presage.Case, change presage.CaseChange, n casework.Note) (presage.Case, error)
	// Fetch opens the rescue of a case; a car that has one keeps it.
	Fetch(ctx context.Context, c presage.Case, cause presage.Reason) error
	// Cleared acts on a case of which nothing stops the car any more; kept: it goes on
	// about something else.
	Cleared(ctx context.Context, c presage.Case, why presage.Reason, kept bool) error
}

// strand acts on an alert of a car that stands still: a case that waits is turned, else
// one is opened. Neither cool-down nor the frequency cap count, and a visit that is
// booked stands beside it.
func (w *Watcher) strand(ctx context.Context, v presage.Vehicle, a presage.Alert, cases []presage.Case) error {
	for _, c := range cases {
		if turned, err := w.turn(ctx, v, c, a); err != nil || turned {
			return err
		}
	}
	switch _, err := w.Store.Case(ctx, caseOf(a)); {
	case err == nil:
		return nil // it was opened, and has ended since
	case !errors.Is(err, presage.ErrNotFound):
		return err
	}
	comp, err := w.Catalogue.Component(a.Component)
	if err != nil {
		return err
	}
	customer, err := w.Store.Customer(ctx, v.CustomerID)
	if err != nil {
		return err
	}
	on := rung{subject: subject{vehicle: v, customer: customer}, comp: comp}
	if on.prognoses, err = w.Store.Prognoses(ctx, v.VIN); err != nil {
		return err
	}
	stands := choose(w.Catalogue.RouteCosts, route.Ask{Severity: a.Severity, Stands: true}, nil)
	return w.openCase(ctx, a, on, opening{way: stands})
}

// turn takes the alert of a car that stands still into a case of it; false where it
// needs one of its own.
func (w *Watcher) turn(ctx context.Context, v presage.Vehicle, c presage.Case, a presage.Alert) (bool, error) {
	n := casework.Note{Who: casework.ByWatch, Why: whyRaised(a)}
	switch {
	case c.State == presage.CaseBooked:
		return false, nil
	case c.State == presage.CaseArrived: // the workshop has it
		return true, w.Store.AmendCase(ctx, c.ID, presage.CaseChange{}, presage.CaseEvent{
			CaseID: c.ID, At: w.Now(), Who: n.Who, Reason: n.Why,
		})
	case c.CustomerID != v.CustomerID:
		n.Why = presage.Because(presage.WhyNewOwner)
		return false, w.Ledger.Move(ctx, c, presage.CaseSuperseded, presage.CaseChange{}, n)
	case c.ID == caseOf(a) && c.Route == presage.RouteRescue: // a crash may have come between the case and its rescue
		return true, w.Roadside.Fetch(ctx, c, n.Why)
	}
	change, _ := w.alerted(c, a)
	c, err := w.Roadside.TurnCase(ctx, c, change, n)
	if err != nil {
		return false, fmt.Errorf("alert %s: %w", a.Rule, err)
	}
	return true, w.Roadside.Fetch(ctx, c, n.Why)
}

// clearRescue acts on an alert that is over, of a case with a rescue. As long as another
// alert stops the car, or what is over never did, that is noted alone.
func (w *Watcher) clearRescue(ctx context.Context, c presage.Case, a presage.Alert, kept bool) error {
	alerts, err := w.Ledger.Alerts(ctx, c.VIN)
	if err != nil {
		return err
	}
	stops := func(x presage.Alert) bool { return x.Strands && x.ID != a.ID }
	if a.Strands && !slices.ContainsFunc(casework.About(c, alerts), stops) {
		return w.Roadside.Cleared(ctx, c, whyCleared(a), kept)
	}
	ev := presage.CaseEvent{CaseID: c.ID, At: w.Now(), Who: casework.ByWatch, Reason: whyCleared(a)}
	return w.Store.AmendCase(ctx, c.ID, presage.CaseChange{}, ev)
}
