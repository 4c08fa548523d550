package rollout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
)

// Settle looks at all cases on the route over the air, and returns how many it changed:
// those that are mended are done, those that cannot be go on at the workshop.
func (c *Conductor) Settle(ctx context.Context) (int, error) {
	cases, err := c.Store.CasesOverAir(ctx)
	if err != nil {
		return 0, fmt.Errorf("cases over the air: %w", err)
	}
	changed := 0
	var faults []error
	for _, x := range cases {
		moved, err := c.settle(ctx, x, false)
		switch {
		case casework.Overtaken(err):
		case err != nil:
			faults = append(faults, fmt.Errorf("case %s: %w", x.ID, err))
		case moved:
			changed++
		}
	}
	return changed, errors.Join(faults...)
}

// Overdue acts on a case whose time to be mended over the air is over.
func (c *Conductor) Overdue(ctx context.Context, x presage.Case) error {
	_, err := c.settle(ctx, x, true)
	return err
}

// patience is by how much a case is put off whose car has installed the software, and
// whose fault has neither gone nor come again.
const patience = 7 * 24 * time.Hour

// settle acts on what came of the update of a case's car; overdue: the case's time is
// over. It tells whether the case changed.
func (c *Conductor) settle(ctx context.Context, x presage.Case, overdue bool) (bool, error) {
	car, r, err := c.update(ctx, x)
	if err != nil {
		return false, err
	}
	switch car.State {
	case presage.CarFailed:
		return true, c.giveUp(ctx, x, presage.Because(presage.WhyRemoteFailed, "rollout", r.ID, "note", car.Note))
	case presage.CarExpired:
		return true, c.late(ctx, x, presage.Because(presage.WhyRemoteSilent, "rollout", r.ID))
	case presage.CarInstalled:
		return c.installed(ctx, x, car, overdue)
	case presage.CarSent, presage.CarReceived: // it still has time to answer
		return c.wait(ctx, x, car.ExpiresAt, overdue)
	case presage.CarWaiting:
		if overdue || r.State == presage.RolloutClosed {
			return true, c.late(ctx, x, presage.Because(presage.WhyRemoteLate, "rollout", r.ID))
		}
	}
	return false, nil
}

// wait puts a case's deadline off if it is over, and tells whether it did.
func (c *Conductor) wait(ctx context.Context, x presage.Case, until time.Time, overdue bool) (bool, error) {
	if !overdue {
		return false, nil
	}
	change := presage.CaseChange{DueAt: casework.Later(until, c.Now().Add(time.Hour))}
	return true, c.Store.ChangeCase(ctx, x.ID, change, c.Now())
}

// installed ends a case whose fault is gone, gives up on one whose fault came again,
// and waits while the car has not shown either.
func (c *Conductor) installed(ctx context.Context, x presage.Case, car presage.RolloutCar, overdue bool) (bool, error) {
	alerts, err := c.Ledger.Alerts(ctx, x.VIN)
	if err != nil {
		return false, err
	}
	about := casework.About(x, alerts)
	again := func(a presage.Alert) bool { return a.At.After(car.AnsweredAt) }
	switch {
	case len(about) == 0:
		return true, c.mended(ctx, x, car.Rollout)
	case slices.ContainsFunc(about, again):
		return true, c.giveUp(ctx, x, presage.Because(presage.WhyRemoteInVain, "rollout", car.Rollout))
	}
	return c.wait(ctx, x, c.Now().Add(patience), overdue)
}

// update is where a case's car stands in the roll-out that the case waits for.
func (c *Conductor) update(ctx context.Context, x presage.Case) (presage.RolloutCar, presage.Rollout, error) {
	id := x.RouteWhy.Args["rollout"]
	r, err := c.Store.Rollout(ctx, id)
	if err != nil {
		return presage.RolloutCar{}, r, err
	}
	cars, err := c.Store.RolloutCars(ctx, presage.RolloutCarFilter{Rollout: id, VIN: x.VIN})
	if err != nil || len(cars) == 0 {
		return presage.RolloutCar{Rollout: id, VIN: x.VIN, State: presage.CarWaiting}, r, err
	}
	return cars[0], r, nil
}

// Cleared acts on a case whose fault is gone: it is mended when its car has installed the
// software, else it waits for that, so that its customer is not told again and again.
func (c *Conductor) Cleared(ctx context.Context, x presage.Case, why presage.Reason) error {
	car, _, err := c.update(ctx, x)
	if err != nil {
		return err
	}
	if car.State == presage.CarInstalled {
		return c.mended(ctx, x, car.Rollout)
	}
	ev := presage.CaseEvent{CaseID: x.ID, At: c.Now(), Who: casework.ByWatch, Reason: why}
	return c.Store.AmendCase(ctx, x.ID, presage.CaseChange{}, ev)
}

// mended ends a case that new software has mended.
func (c *Conductor) mended(ctx context.Context, x presage.Case, rollout string) error {
	return c.Ledger.Move(ctx, x, presage.CaseDone, presage.CaseChange{}, casework.Note{
		Who: presage.OwnerOutreach, Why: presage.Because(presage.WhyMendedRemotely, "rollout", rollout),
	})
}

// late gives up on a case whose car has not installed the software in time; where its
// fault has not been seen for long, the case ends.
func (c *Conductor) late(ctx context.Context, x presage.Case, why presage.Reason) error {
	alerts, err := c.Ledger.Alerts(ctx, x.VIN)
	if err != nil {
		return err
	}
	if len(casework.About(x, alerts)) > 0 {
		return c.giveUp(ctx, x, why)
	}
	return c.Ledger.Move(ctx, x, presage.CaseResolvedElsewhere, presage.CaseChange{},
		casework.Note{Who: presage.OwnerOutreach, Why: why})
}

// giveUp lets a case go on at the workshop: its customer is offered a visit, by the
// person who has the case or by outreach.
func (c *Conductor) giveUp(ctx context.Context, x presage.Case, why presage.Reason) error {
	change := presage.CaseChange{
		Route: presage.RouteWorkshop, RouteWhy: why, VisitBy: c.Now().Add(casework.VisitWithin(x.Severity)),
	}
	if x.State == presage.CaseOpen {
		change.DueAt = c.Now().Add(c.Ledger.CallWithin(x.Severity))
	}
	ev := presage.CaseEvent{CaseID: x.ID, At: c.Now(), Who: presage.OwnerOutreach, Reason: why}
	if err := c.Store.AmendCase(ctx, x.ID, change, ev); err != nil {
		return err
	}
	if x.State != presage.CaseOpen {
		return nil
	}
	return c.Offers.Offer(ctx, x.ID)
}
