package visit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
)

// WalkIn sells the next free time of today to a car that stands in front: of the case
// that the car has, else of a new one. The customer is there and is told nothing.
// ErrNotFound for a car that nobody has registered; ErrInvalid names every fault;
// ErrConflict when nothing is free today, or the car has a visit.
func (d *Desk) WalkIn(ctx context.Context, x presage.WalkIn) (presage.Booking, error) {
	w, err := d.Agenda.Store.Workshop(ctx, x.WorkshopID)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("walk-in: %w", err)
	}
	if err := x.Check(w, d.Catalogue); err != nil {
		return presage.Booking{}, fmt.Errorf("walk-in: %w", err)
	}
	f, known, err := d.standing(ctx, x)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("walk-in: %w", err)
	}
	f.Workshop = w
	f.Plan.send(d.Agenda, nil) // the car is there
	s := sale{
		via: "walk_in", who: x.Who, wishes: presage.Wishes{Note: x.Note}, pin: pin{bay: x.BayID, technician: x.TechnicianID},
		change: presage.CaseChange{Components: f.Case.Components, Severity: f.Case.Severity},
	}
	if s.start, err = d.today(ctx, f, s.pin); err != nil {
		return presage.Booking{}, fmt.Errorf("walk-in: %w", err)
	}
	s.why = presage.Because(presage.WhyBooked, "start", stamp(s.start), "via", s.via)
	r, err := d.reservation(ctx, f, s)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("walk-in: %w", err)
	}
	if known {
		return d.Store.Reserve(ctx, r)
	}
	why := presage.Because(presage.WhyWalkIn)
	if x.Note != "" {
		why = why.Arg("text", casework.Clip(x.Note))
	}
	return d.Store.ReserveNew(ctx, f.Case, presage.CaseEvent{At: d.Now(), Who: x.Who, Reason: why}, r)
}

// standing is the file of the case that the car of a walk-in waits with, with what
// else is to be done, else that of a new case.
func (d *Desk) standing(ctx context.Context, x presage.WalkIn) (f CaseFile, known bool, err error) {
	car, err := d.Files.Store.Vehicle(ctx, x.VIN)
	switch {
	case errors.Is(err, presage.ErrNotFound):
		return f, false, fmt.Errorf("vin: vehicle %s: %w: it has to be registered with its customer first (PUT /v1/fleet)",
			x.VIN.Masked(), err)
	case err != nil:
		return f, false, err
	case car.CustomerID == "":
		return f, false, fmt.Errorf("vin: %w: nobody is known as its customer: register one (PUT /v1/fleet)",
			presage.ErrInvalid)
	}
	waits, err := d.waiting(ctx, x.VIN)
	switch {
	case err != nil:
	case waits != "":
		f, err = d.Files.ByCase(ctx, waits)
	default:
		f, err = d.fresh(ctx, car, x)
	}
	if err == nil && f.Lost() {
		err = fmt.Errorf("%w: %w", presage.ErrExpired, presage.ErrNewOwner)
	}
	if err != nil {
		return f, false, err
	}
	d.add(&f.Case, x.Components)
	f.Plan, err = d.Agenda.PlanFor(f.Case, car, nil)
	return f, waits != "", err
}

// waiting is the case that a car waits for a visit with, "" for none. ErrConflict when
// it has a visit.
func (d *Desk) waiting(ctx context.Context, vin presage.VIN) (string, error) {
	cases, err := d.Store.LastCases(ctx, vin, lastCases)
	for _, c := range cases {
		switch c.State {
		case presage.CaseBooked, presage.CaseArrived:
			return "", fmt.Errorf("%w: the car has a visit, of case %s: move or receive that one",
				presage.ErrConflict, c.ID)
		case presage.CaseOpen, presage.CaseOffered, presage.CaseEscalated:
			return c.ID, err
		default:
		}
	}
	return "", err
}

// lastCases is how many of a car's cases are looked at for one that waits.
const lastCases = 10

// fresh is the file of a new case.
func (d *Desk) fresh(ctx context.Context, car presage.Vehicle, x presage.WalkIn) (f CaseFile, err error) {
	now := d.Now()
	f.Vehicle = car
	f.Case = presage.Case{
		ID: casework.ID("c", string(car.VIN), casework.Instant(now)), VIN: car.VIN, CustomerID: car.CustomerID,
		WorkshopID: x.WorkshopID, State: presage.CaseOpen, Route: presage.RouteWorkshop, Owner: presage.OwnerWorkshop,
		OpenedAt: now, UpdatedAt: now, DueAt: now.Add(d.Rules().NoSlot), VisitBy: now, Severity: presage.Comfort,
	}
	f.Customer, err = d.Files.Store.Customer(ctx, car.CustomerID)
	return f, err
}

// add puts components into a case, and makes it as grave as the gravest.
func (d *Desk) add(c *presage.Case, more []presage.ComponentID) {
	c.Components = slices.Clone(c.Components)
	for _, id := range more {
		if !slices.Contains(c.Components, id) {
			c.Components = append(c.Components, id)
		}
		if x, err := d.Catalogue.Component(id); err == nil && x.Severity.Graver(c.Severity) {
			c.Severity = x.Severity
		}
	}
}

// today is the first time until midnight at which a visit can begin.
func (d *Desk) today(ctx context.Context, f CaseFile, x pin) (time.Time, error) {
	now := d.Now()
	if err := d.Agenda.Possible(f.Workshop, f.Plan); err != nil {
		return now, err
	}
	parts, err := d.Agenda.supply(ctx, f.Workshop.DepotID, f.Plan, now)
	if err != nil {
		return now, err
	}
	midnight := localDay(f.Workshop, now).To
	slots, err := d.Agenda.Search(ctx, f.Workshop, f.Plan, Window{
		From: casework.Later(now.Add(time.Second), parts.Ready(now)), To: midnight,
	})
	if err != nil {
		return now, err
	}
	for _, slot := range slots {
		at, err := d.Agenda.place(ctx, f.Workshop, f.Plan, slot.Start)
		if err == nil {
			_, err = pinned(at, x)
		}
		if err == nil || !casework.Overtaken(err) {
			return slot.Start, err
		}
	}
	if ready := parts.Ready(now); !ready.Before(midnight) {
		return now, presage.Refuse(
			fmt.Errorf("%w: the parts are not there before %s", presage.ErrConflict, stamp(ready)),
			presage.WhyPartsFrom, "from", stamp(ready))
	}
	return now, presage.Refuse(fmt.Errorf("%w: nothing is free for it today", presage.ErrConflict),
		presage.WhyNothingFree)
}
