package rescue

import (
	"context"
	"fmt"
	"strings"

	"presage"
	"presage/outreach/casework"
)

// Report opens the rescue of a case because somebody says that the car stands: the
// customer on their page, or an adviser for them. ErrConflict when the case has ended,
// or the car is in the workshop.
func (r *Rescuer) Report(ctx context.Context, caseID, who string) (presage.Rescue, error) {
	who = strings.TrimSpace(who)
	if who == "" {
		return presage.Rescue{}, presage.Refuse(fmt.Errorf("who: %w: it is missing", presage.ErrInvalid),
			presage.WhyWhoMissing)
	}
	if err := presage.CheckPlain(who, 60); err != nil {
		return presage.Rescue{}, fmt.Errorf("who: %w", err)
	}
	var x presage.Rescue
	err := casework.Contend(func() error {
		var err error
		x, err = r.report(ctx, caseID, who)
		return err
	})
	return x, err
}

func (r *Rescuer) report(ctx context.Context, caseID, who string) (presage.Rescue, error) {
	c, err := r.Store.Case(ctx, caseID)
	if err != nil {
		return presage.Rescue{}, err
	}
	lost, err := r.Ledger.Lost(ctx, c.VIN, c.CustomerID)
	switch {
	case err != nil:
		return presage.Rescue{}, err
	case lost:
		return presage.Rescue{}, fmt.Errorf("%w: %w", presage.ErrExpired, presage.ErrNewOwner)
	case c.State.Ended() || c.State == presage.CaseArrived:
		return presage.Rescue{}, presage.Refuse(fmt.Errorf("case %s: %w: it is %s", c.ID, presage.ErrConflict, c.State),
			presage.WhyCaseIs, "state", string(c.State))
	}
	cause := presage.Because(presage.WhyRescueReported)
	n := casework.Note{Who: who, Why: cause}
	if c.State == presage.CaseBooked {
		c, err = r.beside(ctx, c, n)
	} else {
		c, err = r.TurnCase(ctx, c, presage.CaseChange{}, n)
	}
	if err != nil {
		return presage.Rescue{}, err
	}
	if err := r.Fetch(ctx, c, cause); err != nil {
		return presage.Rescue{}, err
	}
	live, err := r.Store.Rescues(ctx, presage.RescueFilter{VIN: c.VIN, Live: true, Limit: 1})
	if err == nil && len(live) == 0 {
		err = presage.Refuse(fmt.Errorf("rescue of case %s: %w: it is over already", c.ID, presage.ErrConflict),
			presage.WhyRescueOver)
	}
	if err != nil {
		return presage.Rescue{}, err
	}
	return live[0], nil
}

// beside is the case of a rescue where a visit is booked, which stands: another one that
// waits is turned, else one is opened.
func (r *Rescuer) beside(ctx context.Context, c presage.Case, n casework.Note) (presage.Case, error) {
	past, err := r.Store.LastCases(ctx, c.VIN, 20)
	if err != nil {
		return c, err
	}
	for _, x := range past {
		waits := x.State == presage.CaseOpen || x.State == presage.CaseOffered || x.State == presage.CaseEscalated
		if waits && x.CustomerID == c.CustomerID {
			return r.TurnCase(ctx, x, presage.CaseChange{}, n)
		}
	}
	now, turn := r.Now(), r.Turn()
	own := presage.Case{
		ID: casework.ID("c", c.ID, "rescue", casework.Instant(now)), VIN: c.VIN, CustomerID: c.CustomerID,
		WorkshopID: c.WorkshopID, Components: c.Components, Severity: c.Severity, State: presage.CaseEscalated,
		Route: turn.Route, RouteWhy: turn.RouteWhy, Owner: turn.Owner, OpenedAt: now, UpdatedAt: now, DueAt: turn.DueAt,
		VisitBy: now.Add(casework.VisitWithin(c.Severity)), OdometerKm: c.OdometerKm,
	}
	return own, r.Store.CreateCase(ctx, own, presage.CaseEvent{
		CaseID: own.ID, At: now, Who: n.Who, To: own.State, Reason: n.Why,
	})
}

// TurnCase puts a case that is open, offered or escalated on the route rescue, with
// what else changes of it. Its offer is withdrawn.
func (r *Rescuer) TurnCase(ctx context.Context, c presage.Case, change presage.CaseChange, n casework.Note,
) (presage.Case, error) {
	if c.Route != presage.RouteRescue || c.State != presage.CaseEscalated {
		turn := r.Turn()
		change.Route, change.RouteWhy, change.Owner, change.DueAt = turn.Route, turn.RouteWhy, turn.Owner, turn.DueAt
	}
	if c.State == presage.CaseEscalated {
		ev := presage.CaseEvent{CaseID: c.ID, At: r.Now(), Who: n.Who, Reason: n.Why}
		if err := r.Store.AmendCase(ctx, c.ID, change, ev); err != nil {
			return c, err
		}
		return r.Store.Case(ctx, c.ID)
	}
	offers, err := r.Store.OffersOf(ctx, c.ID)
	if err != nil {
		return c, err
	}
	for _, o := range offers {
		if o.Answer != "" {
			continue
		}
		if err := r.Store.AnswerOffer(ctx, o.ID, r.Now(), presage.AnswerReplaced); err != nil {
			return c, err
		}
	}
	if err := r.Ledger.Move(ctx, c, presage.CaseEscalated, change, n); err != nil {
		return c, err
	}
	return r.Store.Case(ctx, c.ID)
}
