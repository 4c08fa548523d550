package decide

import (
	"context"
	"errors"
	"fmt"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/visit"
)

// Visits changes what a visit is for.
type Visits interface {
	// Widen does more at a visit, at the same start, and tells the customer.
	// ErrConflict when time or parts are lacking, or the visit has gone;
	// ErrInvalid when the workshop can never do so much.
	Widen(ctx context.Context, b presage.Booking, w visit.Widening) (presage.Booking, error)
}

// widen takes more into the visit of a case; false where it has no room for it.
func (o *Offerer) widen(
	ctx context.Context, c presage.Case, b presage.Booking, change presage.CaseChange, n casework.Note,
) (bool, error) {
	ps, err := o.Store.Prognoses(ctx, c.VIN)
	if err != nil {
		return false, fmt.Errorf("widen visit %s: %w", b.ID, err)
	}
	car, err := o.Store.Vehicle(ctx, c.VIN)
	if err != nil {
		return false, fmt.Errorf("widen visit %s: %w", b.ID, err)
	}
	c.Components = change.Components
	if change.Alerted != nil {
		c.Alerted = change.Alerted
	}
	plan, err := o.Agenda.PlanFor(c, car, ps)
	if err != nil {
		return false, err
	}
	alerts, err := o.Ledger.Alerts(ctx, c.VIN)
	if err != nil {
		return false, err
	}
	plan.Tell(casework.About(c, alerts))
	_, err = o.Visits.Widen(ctx, b, visit.Widening{Plan: plan, Change: change, Who: n.Who, Why: n.Why})
	if casework.Overtaken(err) || errors.Is(err, presage.ErrInvalid) {
		return false, nil
	}
	return err == nil, err
}
