package rescue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/rules"
)

// Store is what rescues are kept in and work with. ErrNotFound for an unknown ID.
type Store interface {
	// CreateRescue: ErrConflict when the car has one that is live.
	CreateRescue(ctx context.Context, r presage.Rescue, ev presage.RescueEvent) error
	// MoveRescue compares and sets a rescue with its case, and plans what is told of it;
	// ErrConflict when it has changed since it was seen.
	MoveRescue(ctx context.Context, x presage.RescueMove) error
	Rescue(ctx context.Context, id string) (presage.Rescue, error)
	// Rescues lists the newest first.
	Rescues(ctx context.Context, f presage.RescueFilter) ([]presage.Rescue, error)
	RescueEvents(ctx context.Context, id string) ([]presage.RescueEvent, error)

	Case(ctx context.Context, id string) (presage.Case, error)
	// LastCases returns the newest cases of a vehicle, newest first.
	LastCases(ctx context.Context, vin presage.VIN, limit int) ([]presage.Case, error)
	// CreateCase: ErrConflict when the vehicle has another case that waits for a visit.
	CreateCase(ctx context.Context, c presage.Case, ev presage.CaseEvent) error
	CasesIn(ctx context.Context, states ...presage.CaseState) ([]presage.Case, error)
	// AmendCase changes a case without moving it and notes why; ErrConflict when it has ended.
	AmendCase(ctx context.Context, id string, change presage.CaseChange, ev presage.CaseEvent) error
	Offer(ctx context.Context, id string) (presage.Offer, error)
	OffersOf(ctx context.Context, caseID string) ([]presage.Offer, error)
	AnswerOffer(ctx context.Context, id string, at time.Time, answer string) error

	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Customer(ctx context.Context, id string) (presage.Customer, error)
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
	// PutMessages inserts; a known Key is ignored.
	PutMessages(ctx context.Context, ms []presage.Message) error
}

// Telemetry tells where a car was seen last and whether it drives. What nobody knows is
// missing.
type Telemetry interface {
	LastSeen(ctx context.Context, vin presage.VIN) (presage.Sighting, error)
}

// Rescuer opens rescues and leads them. Its fields are set once, before its first use.
type Rescuer struct {
	Store     Store
	Telemetry Telemetry // nil: nobody knows where cars are
	Ledger    *casework.Ledger
	Planner   *contact.Planner
	Catalogue *presage.Catalogue
	Rules     rules.Current
	Now       func() time.Time
	Log       *slog.Logger
}

// deadline is when the next step of a rescue is due; zero when none is waited for.
func (r *Rescuer) deadline(x presage.Rescue, now time.Time) time.Time {
	within := r.Rules().Rescue
	switch x.State {
	case presage.RescueAsked:
		return now.Add(within.Take)
	case presage.RescueOnTheWay:
		if !x.ETA.IsZero() {
			return x.ETA.Add(within.Late)
		}
		return now.Add(within.Arrive)
	case presage.RescueArrived:
		return now.Add(within.End)
	case presage.RescueMended, presage.RescueTowed, presage.RescueDone, presage.RescueCalledOff:
	}
	return time.Time{}
}

// seenWithin is how long help waits for where the car is.
const seenWithin = 5 * time.Second

func (r *Rescuer) seen(ctx context.Context, vin presage.VIN) presage.Sighting {
	if r.Telemetry == nil {
		return presage.Sighting{}
	}
	ctx, cancel := context.WithTimeout(ctx, seenWithin)
	defer cancel()
	s, err := r.Telemetry.LastSeen(ctx, vin)
	if err != nil { // help does not wait for it
		r.Log.WarnContext(ctx, "rescue: the last position is not known", "vin", vin, "error", err)
		return presage.Sighting{}
	}
	return s
}

// Stands tells whether a car stands still for an alert that says so: telemetry after it
// that shows it driving counts more.
func (r *Rescuer) Stands(ctx context.Context, a presage.Alert) bool {
	return a.Strands && !r.seen(ctx, a.VIN).Drives(a.FiredAt)
}

// Turn is what makes a case one with a rescue.
func (r *Rescuer) Turn() presage.CaseChange {
	return presage.CaseChange{
		Route: presage.RouteRescue, RouteWhy: presage.Because(presage.WhyRouteStands), Owner: presage.OwnerAdviser,
		DueAt: r.Now().Add(r.Rules().Rescue.Take),
	}
}

// Fetch opens the rescue of a case whose car stands still, and tells the customer. A car
// that has one keeps it.
func (r *Rescuer) Fetch(ctx context.Context, c presage.Case, cause presage.Reason) error {
	live, err := r.Store.Rescues(ctx, presage.RescueFilter{VIN: c.VIN, Live: true, Limit: 1})
	if err != nil {
		return err
	}
	if len(live) > 0 {
		return r.announce(ctx, live[0], c) // a crash may have come between the rescue and its texts
	}
	v, err := r.Store.Vehicle(ctx, c.VIN)
	if err != nil {
		return err
	}
	all, err := r.Store.Workshops(ctx)
	if err != nil {
		return err
	}
	seen := r.seen(ctx, c.VIN)
	within := r.Rules().Rescue
	p, found := Choose(Need{
		Make: v.Make, Place: seen.Place, Own: c.WorkshopID, Bays: r.bays(c), Within: within.Within,
	}, all)
	if !found {
		return fmt.Errorf("rescue: workshop %q: %w", c.WorkshopID, presage.ErrNotFound)
	}
	now := r.Now()
	x := presage.Rescue{
		ID: casework.ID("r", c.ID, casework.Instant(now)), CaseID: c.ID, VIN: c.VIN, CustomerID: c.CustomerID,
		WorkshopID: p.Workshop.ID, State: presage.RescueAsked, Owner: presage.OwnerAdviser, Place: seen.Place,
		Km: p.Km, Cause: cause, Partner: p.Why, OpenedAt: now, UpdatedAt: now, DueAt: now.Add(within.Take),
	}
	if seen.Place != nil {
		x.SeenAt = seen.At
	}
	err = r.Store.CreateRescue(ctx, x, presage.RescueEvent{
		At: now, Who: presage.OwnerOutreach, To: x.State, Reason: p.Why,
	})
	if err != nil {
		return err
	}
	return r.announce(ctx, x, c)
}

// announce tells the partner, then the customer, of a rescue that is asked for.
func (r *Rescuer) announce(ctx context.Context, x presage.Rescue, c presage.Case) error {
	var call []presage.Message
	var fault error
	if x.State == presage.RescueAsked {
		call, fault = r.toPartner(ctx, wording.RescueCall, 0, x, c)
	}
	told, err := r.toCustomer(ctx, x, c)
	return errors.Join(fault, err, r.Store.PutMessages(ctx, append(call, told...)))
}

// bays are the kinds of bays that the jobs of a case need.
func (r *Rescuer) bays(c presage.Case) []string {
	var kinds []string
	for _, id := range c.Components {
		comp, err := r.Catalogue.Component(id)
		if err != nil {
			continue
		}
		j, err := r.Catalogue.Job(comp.JobCode)
		if err == nil && j.Bay != "" && !slices.Contains(kinds, j.Bay) {
			kinds = append(kinds, j.Bay)
		}
	}
	return kinds
}

// Cleared acts on a case of which nothing stops the car any more: its rescue is called off
// as long as nobody has arrived. The case ends, or goes on without a rescue where it is
// kept for something else.
func (r *Rescuer) Cleared(ctx context.Context, c presage.Case, why presage.Reason, kept bool) error {
	live, err := r.Store.Rescues(ctx, presage.RescueFilter{CaseID: c.ID, Live: true, Limit: 1})
	if err != nil {
		return err
	}
	if len(live) == 0 || live[0].State == presage.RescueArrived {
		ev := presage.CaseEvent{CaseID: c.ID, At: r.Now(), Who: casework.ByWatch, Reason: why}
		return r.Store.AmendCase(ctx, c.ID, presage.CaseChange{}, ev)
	}
	to := presage.CaseResolvedElsewhere
	if kept {
		to = presage.CaseEscalated
	}
	return r.callOff(ctx, live[0], to, casework.Note{Who: casework.ByWatch, Why: why})
}

// callOff ends a rescue that nobody needs any more, and puts its case to a state: escalated
// is one that goes on without a rescue, "" leaves it alone.
func (r *Rescuer) callOff(ctx context.Context, x presage.Rescue, to presage.CaseState, n casework.Note) error {
	c, err := r.Store.Case(ctx, x.CaseID)
	if err != nil {
		return err
	}
	move := r.moved(x, presage.RescueCalledOff, n)
	switch {
	case c.State.Ended() || to == "":
	case to == presage.CaseEscalated:
		r.without(&move, c, n.Why)
	default:
		move.Case = &presage.CaseEvent{At: r.Now(), Who: n.Who, To: to, Reason: n.Why}
	}
	move.Messages = r.texts(ctx, move, c)
	return r.Store.MoveRescue(ctx, move)
}

// moved is a rescue in its next state.
func (r *Rescuer) moved(x presage.Rescue, to presage.RescueState, n casework.Note) presage.RescueMove {
	now := r.Now()
	move := presage.RescueMove{Seen: x.State, SeenAt: x.UpdatedAt, Event: presage.RescueEvent{
		At: now, Who: n.Who, From: x.State, To: to, Reason: n.Why,
	}}
	x.State, x.UpdatedAt = to, now
	x.DueAt = r.deadline(x, now)
	move.Rescue = x
	return move
}
