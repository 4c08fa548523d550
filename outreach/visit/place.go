package visit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/casework"
	"presage/outreach/contact"
)

// place finds what is free for a visit that begins at start. ErrConflict when
// something is taken, ErrInvalid with booking.ErrImpossible when the workshop
// can never do it.
func (a *Agenda) place(ctx context.Context, w presage.Workshop, v Plan, start time.Time) (booking.Place, error) {
	s := a.question(w, v)
	if err := booking.Possible(s); err != nil {
		return booking.Place{}, err
	}
	if !start.Add(-v.Drive()).After(a.Now()) {
		return booking.Place{}, presage.Refuse(fmt.Errorf("%w: that time has passed", presage.ErrConflict),
			presage.WhyTimePassed)
	}
	var err error
	if s.Busy, err = a.busy(ctx, w, v, start.Add(-24*time.Hour), start.Add(booking.Reach(s))); err != nil {
		return booking.Place{}, err
	}
	if s.Visits, err = a.visits(ctx, w, v, presage.Span{From: start, To: start.Add(time.Second)}); err != nil {
		return booking.Place{}, err
	}
	p, err := booking.At(s, start)
	if err == nil && len(p.Bays) == 0 {
		err = presage.Refuse(fmt.Errorf("%w: that time is not free any more", presage.ErrConflict), presage.WhyTimeTaken)
	}
	return p, err
}

// during finds who can do what was sold with a visit, in the very hours that were
// sold. Errors are those of place.
func (a *Agenda) during(ctx context.Context, w presage.Workshop, sold Plan) (booking.Place, error) {
	hours := sold.Instead.Sold()
	if !hours[0].From.After(a.Now()) {
		return booking.Place{Hours: hours}, presage.Refuse(fmt.Errorf("%w: that time has passed", presage.ErrConflict),
			presage.WhyTimePassed)
	}
	return a.within(ctx, w, sold, hours)
}

// within is during for some of the hours.
func (a *Agenda) within(
	ctx context.Context, w presage.Workshop, sold Plan, hours []presage.Span,
) (booking.Place, error) {
	p := booking.Place{Hours: hours}
	s := a.question(w, sold)
	if err := booking.Possible(s); err != nil {
		return p, err
	}
	const day = 24 * time.Hour
	var err error
	if s.Busy, err = a.busy(ctx, w, sold, hours[0].From.Add(-day), hours[len(hours)-1].To.Add(day)); err != nil {
		return p, err
	}
	p.Bays, p.Technicians, err = booking.During(s, hours)
	if err == nil && len(p.Bays) == 0 {
		err = presage.Refuse(fmt.Errorf("%w: nobody can keep that time", presage.ErrConflict), presage.WhyTimeTaken)
	}
	return p, err
}

// Possible says why a workshop can never do a visit; nil when it can.
func (a *Agenda) Possible(w presage.Workshop, v Plan) error {
	return booking.Possible(a.question(w, v))
}

func (a *Agenda) question(w presage.Workshop, v Plan) booking.Search {
	s := booking.Search{Workshop: w, Duration: v.Duration, Skills: v.Skills, Bays: v.Bays}
	if v.Site != nil {
		s.At, s.Drive = &v.Site.Place, v.Site.Drive()
	}
	if w.Holidays != "" && a.Holiday != nil {
		s.Holiday = func(local time.Time) bool { return a.Holiday(w.Holidays, local) }
	}
	return s
}

// visits are those that begin on the days of a stretch, where the workshop bounds
// them, but for the one that the plan is instead of.
func (a *Agenda) visits(ctx context.Context, w presage.Workshop, v Plan, in presage.Span) ([]presage.Booking, error) {
	if w.Daily == nil || w.Daily.All == 0 {
		return nil, nil
	}
	day := localDay(w, in.From)
	all, err := a.Store.Bookings(ctx, presage.BookingFilter{
		WorkshopID: w.ID, From: day.From, To: localDay(w, in.To).To,
	})
	return slices.DeleteFunc(all, func(b presage.Booking) bool {
		return !b.State.Takes() || v.Instead != nil && v.Instead.ID == b.ID
	}), err
}

// localDay is the day of a moment by the workshop's clock.
func localDay(w presage.Workshop, at time.Time) presage.Span {
	zone := contact.ZoneOf(w.Zone)
	y, m, d := at.In(zone).Date()
	return presage.Span{From: time.Date(y, m, d, 0, 0, 0, 0, zone), To: time.Date(y, m, d+1, 0, 0, 0, 0, zone)}
}

// bounds are how many visits may begin on the day of one with a stay.
func bounds(w presage.Workshop, start time.Time, stay presage.Stay) []presage.DayBound {
	var list []presage.DayBound
	for _, s := range slices.Compact([]presage.Stay{"", stay}) {
		if w.Daily != nil && w.Daily.Of(s) > 0 {
			list = append(list, presage.DayBound{Span: localDay(w, start), Stay: s, Most: w.Daily.Of(s)})
		}
	}
	return list
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
	sold := b.Sold()
	from, to := sold[0].From, sold[len(sold)-1].To
	for _, x := range busy {
		mine := x.Resource == b.BayID || x.Resource == b.TechnicianID
		if !mine || !x.Start.Before(to) || !x.End.After(from) {
			rest = append(rest, x)
			continue
		}
		if x.Start.Before(from) {
			rest = append(rest, presage.Busy{Resource: x.Resource, Start: x.Start, End: from})
		}
		if x.End.After(to) {
			rest = append(rest, presage.Busy{Resource: x.Resource, Start: to, End: x.End})
		}
	}
	return rest
}

// timely refuses a visit beyond the horizon, and one that the repair cannot
// wait for, with ErrTooLate.
func (a *Agenda) timely(ctx context.Context, f CaseFile, start time.Time) error {
	if h := a.horizon(); start.After(h) {
		return presage.Refuse(fmt.Errorf("%w slot: %w: visits are planned until %s", presage.ErrInvalid,
			presage.ErrTooLate, h.UTC().Format(time.DateOnly)), presage.WhyPlannedUntil, "until", stamp(h))
	}
	last, err := a.latest(ctx, f)
	if err != nil {
		return err
	}
	if start.After(last) {
		return presage.Refuse(fmt.Errorf("%w slot: %w: this repair has to begin by %s", presage.ErrInvalid,
			presage.ErrTooLate, last.UTC().Format(time.DateOnly)), presage.WhyBeginBy, "until", stamp(last))
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
