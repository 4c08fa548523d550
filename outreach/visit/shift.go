package visit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// MoveVisit gives a visit another time, bay or technician, as an adviser wishes. A
// customer is told of another time, once; who works where is nobody else's business.
// A car that has arrived can change its bay and technician for the rest of its time.
// ErrConflict when that is not free or the visit has begun, with ErrStale when it was
// moved or cancelled meanwhile; ErrInvalid names every fault, with ErrTooLate for a
// time that the repair cannot wait for. Then the visit stands as it is.
func (d *Desk) MoveVisit(ctx context.Context, m presage.VisitMove) (presage.Booking, error) {
	b, err := d.Store.Booking(ctx, m.BookingID)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("move visit: %w", err)
	}
	f, err := d.Files.ByCase(ctx, b.CaseID)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("move visit %s: %w", b.ID, err)
	}
	if err := f.movable(b, m, d.Now()); err != nil {
		return presage.Booking{}, fmt.Errorf("move visit %s: %w", b.ID, err)
	}
	if m.Start.IsZero() || m.Start.Equal(b.Start) {
		b, err = d.reassign(ctx, f, m)
	} else {
		b, err = d.retime(ctx, f, m)
	}
	if err != nil {
		return b, fmt.Errorf("move visit %s, it stands as it is: %w", m.BookingID, err)
	}
	return b, nil
}

// movable says why a visit cannot be moved, whatever is free; nil when it can.
func (f CaseFile) movable(b presage.Booking, m presage.VisitMove, now time.Time) error {
	if err := m.Check(f.Workshop); err != nil {
		return err
	}
	if f.Booking == nil && b.State == presage.BookingDone {
		return presage.Refuse(fmt.Errorf("%w: it is done", presage.ErrConflict), presage.WhyVisitDone)
	}
	if err := f.Unchanged(&b.ID); err != nil {
		return err
	}
	if b.State == presage.BookingArrived {
		if !m.Start.IsZero() && !m.Start.Equal(b.Start) {
			return presage.Refuse(
				fmt.Errorf("%w: the car is there: it can change its bay or technician, not its time", presage.ErrConflict),
				presage.WhyCarThere)
		}
		return nil
	}
	return f.MayBook(now)
}

// retime sells another time instead of the visit's.
func (d *Desk) retime(ctx context.Context, f CaseFile, m presage.VisitMove) (presage.Booking, error) {
	wishes, err := d.allowed(ctx, f, presage.Wish{}, m.Start)
	if err != nil {
		return presage.Booking{}, err
	}
	return d.reserve(ctx, f, sale{
		start: m.Start, via: "adviser", who: m.Who, tell: wording.Confirmation, wishes: wishes,
		why: f.whySold(m.Start, "adviser"),
		pin: pin{bay: m.BayID, technician: m.TechnicianID, has: *f.Booking},
	})
}

// reassign keeps the time of a visit.
func (d *Desk) reassign(ctx context.Context, f CaseFile, m presage.VisitMove) (presage.Booking, error) {
	b := *f.Booking
	same := func(wish, has string) bool { return wish == "" || wish == has }
	if same(m.BayID, b.BayID) && same(m.TechnicianID, b.TechnicianID) {
		return b, nil
	}
	sold := d.sold(b)
	hours := b.Sold()
	if b.State == presage.BookingArrived {
		hours = b.Rest(d.Now())
	}
	at, err := d.Agenda.within(ctx, f.Workshop, sold, hours)
	if err != nil {
		return b, err
	}
	if at, err = pinned(at, pin{bay: m.BayID, technician: m.TechnicianID, has: b}); err != nil {
		return b, err
	}
	why := presage.Because(presage.WhyReassigned, "bay", at.Bays[0], "technician", at.Technicians[0])
	at.Bays, at.Technicians = at.Bays[:1], at.Technicians[:1]
	return d.Store.Replan(ctx, f.sameTime(at, d.Now(), casework.Note{Who: m.Who, Why: why}))
}

// sameTime asks the store to keep the time of the file's visit, in one of the bays and
// with one of the technicians of a place.
func (f CaseFile) sameTime(at booking.Place, now time.Time, n casework.Note) presage.Reservation {
	return presage.Reservation{
		Booking: *f.Booking, Bays: at.Bays, Technicians: at.Technicians, DepotID: f.Workshop.DepotID, Now: now,
		ArrivalOf: func(string) time.Time { return f.Booking.Start },
		Event: presage.CaseEvent{
			CaseID: f.Case.ID, At: now, Who: n.Who, From: f.Case.State, To: f.Case.State, Reason: n.Why,
		},
	}
}

// sold is what was sold with a visit, whatever its case is about by now.
func (d *Desk) sold(b presage.Booking) Plan {
	v := Plan{Instead: &b, Jobs: d.Catalogue.JobsOf(b.Jobs)}
	v.Needs = booking.Work(v.Jobs)
	v.Parts, v.Site = b.Parts, b.Site
	v.Duration = soldTime(b) - 2*v.Drive()
	return v
}

// pin is a bay or technician that a visit must have; "" leaves it open.
type pin struct {
	bay, technician string
	has             presage.Booking // whose bay and technician come first where they are free
}

// pinned keeps of the candidates only what is asked for.
func pinned(p booking.Place, x pin) (booking.Place, error) {
	var err error
	if p.Bays, err = only(p.Bays, x.bay, x.has.BayID); err != nil {
		return p, fmt.Errorf("bay: %w", err)
	}
	if p.Technicians, err = only(p.Technicians, x.technician, x.has.TechnicianID); err != nil {
		return p, fmt.Errorf("technician: %w", err)
	}
	return p, nil
}

func only(list []string, asked, has string) ([]string, error) {
	switch {
	case asked != "" && !slices.Contains(list, asked):
		return nil, presage.Refuse(fmt.Errorf("%w: %s is not free then, or cannot do it", presage.ErrConflict, asked),
			presage.WhyNotFreeOrAble, "resource", asked)
	case asked != "":
		return []string{asked}, nil
	}
	if i := slices.Index(list, has); i > 0 {
		list = toFront(list, i)
	}
	return list, nil
}

// toFront is a list with its i-th entry before all others.
func toFront[T any](list []T, i int) []T { return slices.Concat(list[i:i+1], list[:i], list[i+1:]) }
