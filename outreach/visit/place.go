package visit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// place is where and when a visit can be.
type place struct {
	bays, technicians []string
	hours             []presage.Span
}

// place finds what is free for a visit that begins at start. ErrConflict when
// something is taken, ErrInvalid with booking.ErrImpossible when the workshop
// can never do it.
func (a *Agenda) place(ctx context.Context, w presage.Workshop, v Plan, start time.Time) (place, error) {
	s := a.question(w, v)
	if err := booking.Possible(s); err != nil {
		return place{}, err
	}
	if !start.After(a.Now()) {
		return place{}, fmt.Errorf("%w: that time has passed", presage.ErrConflict)
	}
	var err error
	if s.Busy, err = a.busy(ctx, w, v, start.Add(-24*time.Hour), start.Add(booking.Reach(s))); err != nil {
		return place{}, err
	}
	var p place
	if p.bays, p.technicians, err = booking.Candidates(s, start); err != nil {
		return p, err
	}
	if len(p.bays) == 0 {
		return p, fmt.Errorf("%w: that time is not free any more", presage.ErrConflict)
	}
	p.hours, err = booking.Hours(s, start)
	return p, err
}

// Possible says why a workshop can never do a visit; nil when it can.
func (a *Agenda) Possible(w presage.Workshop, v Plan) error {
	return booking.Possible(a.question(w, v))
}

func (a *Agenda) question(w presage.Workshop, v Plan) booking.Search {
	return booking.Search{Workshop: w, Duration: v.Duration, Skills: v.Skills}
}

// busy is what is taken at a workshop, but for the visit that the plan is instead of.
func (a *Agenda) busy(ctx context.Context, w presage.Workshop, v Plan, from, to time.Time) ([]presage.Busy, error) {
	all, err := a.Store.Busy(ctx, w.ID, from, to)
	if err != nil || v.Instead == nil {
		return all, err
	}
	return without(all, *v.Instead), nil
}

// without cuts the time of a booking out of what is taken of its bay and technician.
func without(busy []presage.Busy, b presage.Booking) []presage.Busy {
	var rest []presage.Busy
	for _, x := range busy {
		mine := x.Resource == b.BayID || x.Resource == b.TechnicianID
		if !mine || !x.Start.Before(b.End) || !x.End.After(b.Start) {
			rest = append(rest, x)
			continue
		}
		if x.Start.Before(b.Start) {
			rest = append(rest, presage.Busy{Resource: x.Resource, Start: x.Start, End: b.Start})
		}
		if x.End.After(b.End) {
			rest = append(rest, presage.Busy{Resource: x.Resource, Start: b.End, End: x.End})
		}
	}
	return rest
}

// timely refuses a visit beyond the horizon, and one that the repair cannot
// wait for, with ErrTooLate.
func (a *Agenda) timely(ctx context.Context, f CaseFile, start time.Time) error {
	if h := a.horizon(); start.After(h) {
		return fmt.Errorf("%w slot: %w: visits are planned until %s", presage.ErrInvalid, presage.ErrTooLate,
			h.UTC().Format(time.DateOnly))
	}
	last, err := a.latest(ctx, f)
	if err != nil {
		return err
	}
	if start.After(last) {
		return fmt.Errorf("%w slot: %w: this repair has to begin by %s", presage.ErrInvalid, presage.ErrTooLate,
			last.UTC().Format(time.DateOnly))
	}
	return nil
}

// horizon is how far ahead visits are planned.
func (a *Agenda) horizon() time.Time { return a.Now().AddDate(0, 0, a.Rules().HorizonDays) }

// soonNotice is Rules.Notice of what cannot wait for a day.
const soonNotice = time.Hour

// notice is the shortest time until the visit of a case.
func (a *Agenda) notice(c presage.Case) time.Duration {
	if len(c.Alerted) > 0 {
		return min(soonNotice, a.Rules().Notice)
	}
	return a.Rules().Notice
}

// latest is by when the visit of a case has to begin: the day the policy chose,
// or the first day it can be, and some days to choose from.
func (a *Agenda) latest(ctx context.Context, f CaseFile) (time.Time, error) {
	const day = 24 * time.Hour
	slack := map[presage.Severity]time.Duration{presage.Safety: 7 * day, presage.Comfort: 60 * day}[f.Case.Severity]
	switch {
	case len(f.Case.Alerted) > 0 && f.Case.Severity == presage.Safety:
		slack = 2 * day
	case slack == 0:
		slack = time.Duration(a.Rules().SearchDays) * day
	}
	now := a.Now()
	x, err := a.supply(ctx, f.Workshop.DepotID, f.Plan, now)
	if err != nil {
		return time.Time{}, err
	}
	earliest := casework.Later(now.Add(a.notice(f.Case)), x.Ready(now))
	first, err := a.Search(ctx, f.Workshop, f.Plan, Window{From: earliest, To: a.horizon(), Limit: 1})
	if err != nil {
		return time.Time{}, err
	}
	if len(first) > 0 {
		earliest = first[0].Start
	}
	last := casework.Later(earliest, f.Case.VisitBy).Add(slack)
	return slices.MinFunc([]time.Time{a.horizon(), last}, time.Time.Compare), nil
}
