package decide

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/policy"
)

// known is what one pass knows of a vehicle.
type known struct {
	vin       presage.VIN
	cases     []presage.Case // that have not ended
	prognoses []presage.Prognosis
	alerts    []presage.Alert // that stand
}

// look decides on one vehicle: first what becomes of its cases, then about what
// is due and that no case takes care of.
func (d *Decider) look(ctx context.Context, x known, rep *Report) error {
	var (
		standing []presage.Case
		raise    []presage.Alert // of superseded cases: they go into the new one
	)
	for _, c := range settledFirst(x.cases) {
		end, err := d.over(ctx, c, x, standing)
		switch {
		case err != nil:
			return err
		case end.to == "":
			standing = append(standing, c)
			if err := d.narrow(ctx, c, x); err != nil {
				return err
			}
			continue
		case end.to == presage.CaseSuperseded:
			raise = append(raise, casework.About(c, x.alerts)...)
		default:
			rep.Elsewhere++
		}
		if err := d.end(ctx, c, end); err != nil {
			return err
		}
	}
	if err := d.tell(ctx, x, standing, rep); err != nil {
		return err
	}
	for _, a := range raise {
		if err := d.Watcher.Raise(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// settledFirst puts the cases first that somebody takes care of already.
func settledFirst(cases []presage.Case) []presage.Case {
	order := []presage.CaseState{
		presage.CaseArrived, presage.CaseBooked, presage.CaseEscalated, presage.CaseOffered, presage.CaseOpen,
	}
	sorted := slices.Clone(cases)
	slices.SortStableFunc(sorted, func(a, b presage.Case) int {
		return slices.Index(order, a.State) - slices.Index(order, b.State)
	})
	return sorted
}

// ending is how a case is over; the zero value is not at all.
type ending struct {
	to  presage.CaseState
	why presage.Reason
}

// over tells whether a case is over, and how: the car has another owner, the
// components were replaced, or something graver is due that neither it nor a
// standing case is about. An alert on one of its components keeps it, whatever
// the models say; a visit that is booked is kept for its customer.
func (d *Decider) over(ctx context.Context, c presage.Case, x known, standing []presage.Case) (ending, error) {
	if c.State == presage.CaseArrived {
		return ending{}, nil
	}
	lost, err := d.Ledger.Lost(ctx, c.VIN, c.CustomerID)
	if err != nil {
		return ending{}, err
	}
	switch {
	case lost:
		return ending{presage.CaseSuperseded, presage.Because(presage.WhyNewOwner)}, nil
	case c.State == presage.CaseBooked:
		return ending{}, nil
	case len(casework.About(c, x.alerts)) == 0 && healthyAgain(c, x.prognoses):
		return ending{presage.CaseResolvedElsewhere, presage.Because(presage.WhyRenewed)}, nil
	case c.State == presage.CaseEscalated || c.Severity == presage.Safety:
		return ending{}, nil
	}
	return d.outweighed(ctx, x, standing)
}

// outweighed: something is a matter of safety that no standing case is about.
func (d *Decider) outweighed(ctx context.Context, x known, standing []presage.Case) (ending, error) {
	left, err := d.uncovered(ctx, standing, x.prognoses)
	if err != nil {
		return ending{}, err
	}
	for _, p := range due(left) {
		if comp, err := d.Catalogue.Component(p.Component); err == nil && comp.SafetyCritical() {
			return ending{presage.CaseSuperseded, presage.Because(presage.WhyNowDue, "component", string(p.Component))}, nil
		}
	}
	return ending{}, nil
}

// end ends a case, and gives back the visit of one that was booked.
func (d *Decider) end(ctx context.Context, c presage.Case, end ending) error {
	n := casework.Note{Who: casework.ByPolicy, Why: end.why}
	if c.State != presage.CaseBooked {
		return d.Ledger.Move(ctx, c, end.to, presage.CaseChange{}, n)
	}
	b, found, err := d.visitOf(ctx, c)
	if err != nil {
		return err
	}
	now := d.Now()
	w := presage.Cancellation{
		Now: now, Event: presage.CaseEvent{CaseID: c.ID, At: now, Who: n.Who, From: c.State, To: end.to, Reason: n.Why},
	}
	if found {
		w.BookingID = b.ID
	}
	if err := d.Store.Cancel(ctx, w); err != nil {
		return fmt.Errorf("end booked case %s: %w", c.ID, err)
	}
	return nil
}

// visitOf is the visit that a case has booked.
func (d *Decider) visitOf(ctx context.Context, c presage.Case) (presage.Booking, bool, error) {
	bs, err := d.Store.BookingsOf(ctx, c.ID)
	if err != nil {
		return presage.Booking{}, false, fmt.Errorf("visit of case %s: %w", c.ID, err)
	}
	i := slices.IndexFunc(bs, func(b presage.Booking) bool { return b.State == presage.BookingConfirmed })
	if i < 0 {
		return presage.Booking{}, false, nil
	}
	return bs[i], true, nil
}

// healthyAgain: every component of the case is judged ok on data newer than the
// case. Silence (stale, unknown, no prognosis) is not health.
func healthyAgain(c presage.Case, ps []presage.Prognosis) bool {
	for _, id := range c.Components {
		i := slices.IndexFunc(ps, func(p presage.Prognosis) bool { return p.Component == id })
		if i < 0 || ps[i].Status != presage.StatusOK || !ps[i].DataThrough.After(c.OpenedAt) {
			return false
		}
	}
	return true
}

// uncovered drops what a standing case takes care of.
func (d *Decider) uncovered(ctx context.Context, standing []presage.Case, ps []presage.Prognosis,
) ([]presage.Prognosis, error) {
	var left []presage.Prognosis
	for _, p := range ps {
		covered := false
		for _, c := range standing {
			ok, err := d.covers(ctx, c, p)
			if err != nil {
				return nil, err
			}
			covered = covered || ok
		}
		if !covered {
			left = append(left, p)
		}
	}
	return left, nil
}

// covers tells whether a case takes care of what a prognosis says: it is about
// the component, no less grave, and its visit, if it has one, comes in time for
// what is a matter of safety.
func (d *Decider) covers(ctx context.Context, c presage.Case, p presage.Prognosis) (bool, error) {
	if !slices.Contains(c.Components, p.Component) {
		return false, nil
	}
	comp, err := d.Catalogue.Component(p.Component)
	if err != nil || p.Status != presage.StatusDue {
		return true, nil //nolint:nilerr // nothing that anybody could do about it
	}
	switch c.State {
	case presage.CaseArrived:
		return true, nil
	case presage.CaseBooked:
		if !comp.SafetyCritical() {
			return true, nil
		}
		b, found, err := d.visitOf(ctx, c)
		return found && d.inTime(b.Start, p, comp), err
	default:
		return !comp.Severity.Graver(c.Severity), nil
	}
}

// inTime tells whether a visit at start comes before a failure is too probable.
func (d *Decider) inTime(start time.Time, p presage.Prognosis, comp presage.Component) bool {
	return !start.After(d.Now().AddDate(0, 0, policy.LatestDay(p.FailWithin, comp.Severity)))
}

// tell makes the offer of a case that waits for one, and decides on what is due
// and in no case's care. While an offer is out its customer is asked nothing
// else: the rest is told when it has been answered, and joins the visit.
func (d *Decider) tell(ctx context.Context, x known, standing []presage.Case, rep *Report) error {
	for _, c := range standing {
		switch c.State {
		case presage.CaseOpen:
			if c.Route != presage.RouteOTA {
				return d.waiting(ctx, c, x, standing, rep)
			}
			if err := d.Offerer.again(ctx, c, x.prognoses, rep); err != nil { // tells what it is about
				return err
			}
		case presage.CaseOffered:
			return nil
		default:
		}
	}
	left, err := d.uncovered(ctx, standing, x.prognoses)
	if err != nil || len(due(left)) == 0 {
		return err
	}
	return d.open(ctx, known{x.vin, standing, left, x.alerts}, rep)
}
