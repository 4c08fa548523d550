package visit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/contact"
	"presage/outreach/dispatch"
)

// task is a visit that somebody has to do.
type task struct {
	workshop presage.Workshop
	plan     Plan
	car      presage.VIN
	at       booking.Place
}

// dispatch puts in order who can do a visit, with what counted.
func (a *Agenda) dispatch(ctx context.Context, x task) (presage.Dispatch, error) {
	d := presage.Dispatch{At: a.Now(), Bays: dispatch.Bays(baysOf(x.workshop, x.at.Bays))}
	people, err := a.people(ctx, x)
	if err != nil {
		return d, fmt.Errorf("dispatch at workshop %s: %w", x.workshop.ID, err)
	}
	d.Technicians = dispatch.Rank(dispatch.Visit{Minutes: int(x.plan.Duration.Minutes()), Level: x.plan.Level}, people)
	return d, nil
}

// ables are the technicians of a dispatch who can do the visit, in order of preference.
func ables(d presage.Dispatch) []string {
	var ids []string
	for _, c := range d.Technicians {
		if c.Verdict != presage.DispatchSkill && c.Verdict != presage.DispatchBusy {
			ids = append(ids, c.Technician)
		}
	}
	return ids
}

func baysOf(w presage.Workshop, ids []string) []presage.Bay {
	bays := make([]presage.Bay, 0, len(ids))
	for _, id := range ids {
		if b, ok := w.Bay(id); ok {
			bays = append(bays, b)
		}
	}
	return bays
}

// weeksCounted is how many weeks of work count, the visit's and those before it.
const weeksCounted = 4

// people are the technicians of a workshop, with their work of the weeks up to the
// visit's and what they have mended.
func (a *Agenda) people(ctx context.Context, x task) ([]dispatch.Person, error) {
	start := x.at.Hours[0].From
	week := weekOf(x.workshop, start)
	weeks := presage.Span{From: week.From.AddDate(0, 0, -7*(weeksCounted-1)), To: week.To}
	sold, err := a.Store.Bookings(ctx, presage.BookingFilter{WorkshopID: x.workshop.ID, From: weeks.From, To: weeks.To})
	if err != nil {
		return nil, err
	}
	before, err := a.Store.Bookings(ctx, presage.BookingFilter{VIN: x.car, State: presage.BookingDone})
	if err != nil {
		return nil, err
	}
	fixes, err := a.Store.FirstFixes(ctx, x.workshop.ID)
	if err != nil {
		return nil, err
	}
	hours, err := a.worktime(x.workshop, week, weeks)
	if err != nil {
		return nil, err
	}
	codes := x.plan.JobCodes()
	var people []dispatch.Person
	for _, t := range x.workshop.Technicians {
		p := dispatch.Person{ID: t.ID, Level: t.Level, Week: hours[0][t.ID], Weeks: hours[1][t.ID]}
		p.Known = slices.ContainsFunc(before, func(b presage.Booking) bool { return b.TechnicianID == t.ID })
		x.load(&p, sold, week)
		for _, f := range fixes {
			if f.Technician == t.ID && slices.Contains(codes, f.Job) {
				p.Done, p.Fixed = p.Done+f.Done, p.Fixed+f.Fixed
			}
		}
		if p.Verdict, err = x.verdict(t); err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}

// load adds up the work that is sold of a technician, without the visit that this one replaces.
func (x task) load(p *dispatch.Person, sold []presage.Booking, week presage.Span) {
	for _, b := range sold {
		if b.TechnicianID != p.ID || !b.State.Takes() || x.plan.Instead != nil && x.plan.Instead.ID == b.ID {
			continue
		}
		minutes := int(soldTime(b).Minutes())
		p.Weeks.Minutes += minutes
		if !b.Start.Before(week.From) {
			p.Week.Minutes += minutes
		}
	}
}

// verdict tells why a technician is out of the question; "" when they are not.
func (x task) verdict(t presage.Technician) (presage.DispatchVerdict, error) {
	if slices.Contains(x.at.Technicians, t.ID) {
		return "", nil
	}
	able, err := booking.Able(x.workshop, t, x.plan.Skills, x.at.Hours[len(x.at.Hours)-1].To)
	if err != nil || able {
		return presage.DispatchBusy, err
	}
	return presage.DispatchSkill, nil
}

// worktime is how long each technician works in the stretches.
func (a *Agenda) worktime(w presage.Workshop, in ...presage.Span) ([]map[string]dispatch.Load, error) {
	list := make([]map[string]dispatch.Load, 0, len(in))
	for _, x := range in {
		s := a.question(w, Plan{})
		s.From, s.To = x.From, x.To
		work, err := booking.Worktime(s)
		if err != nil {
			return nil, err
		}
		loads := map[string]dispatch.Load{}
		for id, d := range work {
			loads[id] = dispatch.Load{Hours: int(d.Minutes())}
		}
		list = append(list, loads)
	}
	return list, nil
}

// weekOf is the week of a moment from Monday on, by the workshop's clock.
func weekOf(w presage.Workshop, at time.Time) presage.Span {
	zone := contact.ZoneOf(w.Zone)
	y, m, d := at.In(zone).Date()
	d -= (int(at.In(zone).Weekday()) + 6) % 7
	return presage.Span{From: time.Date(y, m, d, 0, 0, 0, 0, zone), To: time.Date(y, m, d+7, 0, 0, 0, 0, zone)}
}

// soldTime is how long the bay and the technician work on a visit.
func soldTime(b presage.Booking) time.Duration {
	total := time.Duration(0)
	for _, h := range b.Sold() {
		total += h.To.Sub(h.From)
	}
	return total
}
