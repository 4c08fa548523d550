package rescue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
)

// Settle looks at all rescues that go on and returns how many it changed: those whose
// car drives again, whose case has ended or whose customer has sold the car are called
// off. Cases that should have a rescue and have none, after a crash, get it.
func (r *Rescuer) Settle(ctx context.Context) (int, error) {
	live, err := r.Store.Rescues(ctx, presage.RescueFilter{Live: true})
	if err != nil {
		return 0, fmt.Errorf("rescues: %w", err)
	}
	changed := 0
	var faults []error
	for _, x := range live {
		off, err := r.settle(ctx, x)
		switch {
		case casework.Overtaken(err):
		case err != nil:
			faults = append(faults, fmt.Errorf("rescue %s: %w", x.ID, err))
		case off:
			changed++
		}
	}
	begun, err := r.begin(ctx)
	return changed + begun, errors.Join(append(faults, err)...)
}

func (r *Rescuer) settle(ctx context.Context, x presage.Rescue) (bool, error) {
	c, err := r.Store.Case(ctx, x.CaseID)
	if err != nil {
		return false, err
	}
	lost, err := r.Ledger.Lost(ctx, x.VIN, x.CustomerID)
	if err != nil {
		return false, err
	}
	n := casework.Note{Who: casework.BySweep}
	switch {
	case lost:
		n.Why = presage.Because(presage.WhyNewOwner)
		return true, r.callOff(ctx, x, "", n)
	case c.State.Ended():
		n.Why = presage.Because(presage.WhyCaseIs, "state", string(c.State))
		return true, r.callOff(ctx, x, "", n)
	}
	seen := r.seen(ctx, x.VIN)
	switch {
	case x.State == presage.RescueArrived: // whoever is there says what becomes of it
		return r.overdue(ctx, x, c)
	case !seen.Drives(x.OpenedAt):
		moved := seen.Moved(x)
		if moved {
			if x, err = r.replace(ctx, x, c, seen); err != nil {
				return false, err
			}
		}
		late, err := r.overdue(ctx, x, c)
		return moved || late, err
	}
	n.Why = presage.Because(presage.WhyRescueDrives, "speed", strconv.FormatFloat(*seen.Speed, 'f', 0, 64))
	to, err := r.afterwards(ctx, c)
	if err != nil {
		return false, err
	}
	return true, r.callOff(ctx, x, to, n)
}

// replace keeps where a car stands that was moved, and tells the partner who comes to it.
func (r *Rescuer) replace(
	ctx context.Context, x presage.Rescue, c presage.Case, seen presage.Sighting,
) (presage.Rescue, error) {
	w, err := r.Store.Workshop(ctx, x.WorkshopID)
	if err != nil {
		return x, err
	}
	why := presage.Because(presage.WhyRescueMoved)
	x.Place, x.SeenAt, x.Km = seen.Place, seen.At, nil
	if w.Place != nil {
		km := seen.Place.To(*w.Place)
		x.Km, why = &km, why.Arg("km", strconv.FormatFloat(float64(km), 'f', 1, 64))
	}
	history, err := r.Store.RescueEvents(ctx, x.ID)
	if err != nil {
		return x, err
	}
	move := r.moved(x, x.State, casework.Note{Who: casework.BySweep, Why: why})
	move.Rescue.DueAt, move.Place = x.DueAt, seen.Place
	if move.Messages, err = r.toPartner(ctx, wording.RescuePlace, len(history), x, c); err != nil {
		r.Log.ErrorContext(ctx, "rescue: its partner is not told", "rescue", x.ID, "error", err)
	}
	return move.Rescue, r.Store.MoveRescue(ctx, move)
}

// afterwards is what becomes of the case of a car that drives again: it goes on where it is
// about more than what stopped the car; "" leaves one alone that a person has taken on.
func (r *Rescuer) afterwards(ctx context.Context, c presage.Case) (presage.CaseState, error) {
	if c.State != presage.CaseEscalated {
		return "", nil
	}
	alerts, err := r.Ledger.Alerts(ctx, c.VIN)
	if err != nil {
		return "", err
	}
	more := func(a presage.Alert) bool { return !a.Strands }
	if len(c.Alerted) < len(c.Components) || slices.ContainsFunc(casework.About(c, alerts), more) {
		return presage.CaseEscalated, nil
	}
	return presage.CaseResolvedElsewhere, nil
}

// begin opens rescues that a crash has kept from beginning.
func (r *Rescuer) begin(ctx context.Context) (int, error) {
	cases, err := r.Store.CasesIn(ctx, presage.CaseEscalated)
	if err != nil {
		return 0, fmt.Errorf("cases without a rescue: %w", err)
	}
	begun := 0
	var faults []error
	for _, c := range cases {
		if c.Route != presage.RouteRescue {
			continue
		}
		had, err := r.Store.Rescues(ctx, presage.RescueFilter{CaseID: c.ID})
		if err != nil {
			return begun, err
		}
		if slices.ContainsFunc(had, func(x presage.Rescue) bool { return x.State != presage.RescueCalledOff }) {
			continue
		}
		if lost, err := r.Ledger.Lost(ctx, c.VIN, c.CustomerID); err != nil || lost {
			faults = append(faults, err)
			continue
		}
		switch err := r.Fetch(ctx, c, presage.Because(presage.WhyRouteStands)); {
		case casework.Overtaken(err):
		case err != nil:
			faults = append(faults, fmt.Errorf("rescue of case %s: %w", c.ID, err))
		default:
			begun++
		}
	}
	return begun, errors.Join(faults...)
}

// Leads tells whether a case's deadline is that of a rescue which goes on.
func (r *Rescuer) Leads(ctx context.Context, c presage.Case) (bool, error) {
	if c.Route != presage.RouteRescue {
		return false, nil
	}
	live, err := r.Store.Rescues(ctx, presage.RescueFilter{CaseID: c.ID, Live: true, Limit: 1})
	return len(live) > 0, err
}

// overdue gives a rescue whose next step nobody has done in time to the manager, again
// and again.
func (r *Rescuer) overdue(ctx context.Context, x presage.Rescue, c presage.Case) (bool, error) {
	now := r.Now()
	if now.Before(x.DueAt) {
		return false, nil
	}
	why := presage.Because(presage.WhyRescueLate, "rescue", string(x.State), "since", stamp(x.DueAt))
	move := r.moved(x, x.State, casework.Note{Who: casework.BySweep, Why: why})
	move.Rescue.Owner, move.Rescue.DueAt = presage.OwnerManager, now.Add(r.Rules().Rescue.Manager)
	if c.Route == presage.RouteRescue {
		move.Case = &presage.CaseEvent{At: now, Who: casework.BySweep, Reason: why}
		move.Change = presage.CaseChange{Owner: presage.OwnerManager, DueAt: move.Rescue.DueAt}
	}
	return true, r.Store.MoveRescue(ctx, move)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
