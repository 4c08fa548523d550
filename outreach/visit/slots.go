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

// Slots returns the workshop's free appointments in [from, to) for jobs, at
// most limit (0 for all), no earlier than now and than the parts can be there,
// no later than the horizon. ErrNotFound for an unknown workshop or job,
// ErrInvalid when the workshop can never do the jobs or from is too far ahead.
//
//nolint:revive // argument-limit: where, what, when and how many are one question
func (a *Agenda) Slots(ctx context.Context, workshopID string, jobs []string, from, to time.Time, limit int,
) ([]presage.Slot, error) {
	return a.slots(ctx, presage.Errand{WorkshopID: workshopID, Jobs: jobs}, Window{From: from, To: to, Limit: limit})
}

func (a *Agenda) slots(ctx context.Context, e presage.Errand, in Window) ([]presage.Slot, error) {
	w, v, err := a.errand(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	now := a.Now()
	if last := a.horizon(); in.From.After(last) {
		return nil, fmt.Errorf("slots: %w from: %w: visits are planned until %s", presage.ErrInvalid, presage.ErrTooLate,
			last.UTC().Format(time.DateOnly))
	} else if in.To.After(last) {
		in.To = last
	}
	x, err := a.SupplyOf(ctx, w.DepotID, v.Parts, now)
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	in.From = casework.Later(in.From, x.Ready(now))
	return a.Search(ctx, w, v, in)
}

// Window is when a visit may start, [from, to), and how many slots are wanted (0 for all).
type Window struct {
	From, To time.Time
	Limit    int
	// Keep leaves out the times that open offers keep for their customers, but
	// for those of the offer Except.
	Keep   bool
	Except string
}

// Search reads what is taken and looks for slots.
func (a *Agenda) Search(ctx context.Context, w presage.Workshop, v Plan, in Window) ([]presage.Slot, error) {
	if !in.From.Before(in.To) {
		return nil, nil
	}
	s, err := a.taken(ctx, w, v, in)
	if err != nil {
		return nil, fmt.Errorf("slots of workshop %s: %w", w.ID, err)
	}
	slots, err := booking.Slots(s)
	if err != nil {
		return nil, fmt.Errorf("slots of workshop %s: %w", w.ID, err)
	}
	return slots, nil
}

// taken is the question for slots in a window, with what is sold and kept there.
func (a *Agenda) taken(ctx context.Context, w presage.Workshop, v Plan, in Window) (booking.Search, error) {
	s := a.question(w, v)
	if v.Site != nil { // no van has left yet
		in.From = casework.Later(in.From, a.Now().Add(v.Drive()))
	}
	s.From, s.To, s.Limit = in.From, in.To, in.Limit
	if !in.From.Before(in.To) {
		return s, nil
	}
	end := in.To.Add(booking.Reach(s)) // of the last visit at the latest
	var err error
	if s.Busy, err = a.busy(ctx, w, v, in.From.Add(-v.Drive()), end); err != nil {
		return s, err
	}
	if s.Visits, err = a.visits(ctx, w, v, presage.Span{From: in.From, To: in.To}); err != nil || !in.Keep {
		return s, err
	}
	s.Held, err = a.Store.Held(ctx, presage.HeldTimeFilter{
		WorkshopID: w.ID, From: in.From.Add(-v.Drive()), To: end, Now: a.Now(), ExceptOffer: in.Except,
	})
	return s, err
}

// Aim is what the slots of an offer are looked for.
type Aim struct {
	Day  time.Time // around it
	Told time.Time // when the customer hears of them; zero: now
	// Safety takes a time that is kept for somebody else where there is no other.
	Safety bool
}

// FreeSlots chooses the slots of an offer: after the notice time and the
// parts' arrival, around the target day, and not those that other offers keep.
func (a *Agenda) FreeSlots(ctx context.Context, w presage.Workshop, v Plan, aim Aim) ([]presage.Slot, error) {
	var err error
	if len(v.Parts) > 0 {
		if v.kept, err = a.Store.HeldParts(ctx, w.DepotID, a.Now(), ""); err != nil {
			return nil, err
		}
	}
	slots, err := a.freeSlots(ctx, w, v, aim, true)
	if err == nil && len(slots) == 0 && aim.Safety {
		v.kept = nil
		slots, err = a.freeSlots(ctx, w, v, aim, false)
	}
	return slots, err
}

func (a *Agenda) freeSlots(ctx context.Context, w presage.Workshop, v Plan, aim Aim, keep bool,
) ([]presage.Slot, error) {
	now := a.Now()
	x, err := a.supply(ctx, w.DepotID, v, now)
	if err != nil {
		return nil, err
	}
	told := casework.Later(now, aim.Told)
	earliest := casework.Later(told.Add(a.Rules().Notice), x.Ready(now))
	return a.near(ctx, w, v, Window{From: earliest, Keep: keep}, aim.Day)
}

// near chooses the slots of an offer around the target day, not before in.From.
func (a *Agenda) near(ctx context.Context, w presage.Workshop, v Plan, in Window, target time.Time,
) ([]presage.Slot, error) {
	n, earliest := a.Rules().SlotsOffered, in.From
	const week = 7 * 24 * time.Hour
	target = casework.Later(target, earliest)
	in.To = target.AddDate(0, 0, a.Rules().SearchDays)
	in.From = casework.Later(earliest, target.Add(-week))
	slots, err := a.Search(ctx, w, v, in)
	if err == nil && len(slots) < n {
		in.From = earliest
		slots, err = a.Search(ctx, w, v, in)
	}
	if err != nil {
		return nil, err
	}
	return booking.Pick(slots, target, n, contact.ZoneOf(w.Zone)), nil
}

// soonApart is how far the choices of SoonSlots are from the first.
const soonApart = 2 * time.Hour

// SoonSlots chooses the slots of an offer that cannot wait: the first one from
// in.From on, and a choice of later ones before in.To. Nothing is kept from it.
func (a *Agenda) SoonSlots(ctx context.Context, w presage.Workshop, v Plan, in Window) ([]presage.Slot, error) {
	x, err := a.supply(ctx, w.DepotID, v, a.Now())
	if err != nil {
		return nil, err
	}
	in.From = casework.Later(in.From, x.Ready(a.Now()))
	slots, err := a.Search(ctx, w, v, in)
	if err != nil || len(slots) == 0 {
		return nil, err
	}
	first := slots[0]
	rest := slices.DeleteFunc(slots[1:], func(s presage.Slot) bool { return s.Start.Before(first.Start.Add(soonApart)) })
	later := booking.Pick(rest, first.Start, a.Rules().SlotsOffered-1, contact.ZoneOf(w.Zone))
	return append([]presage.Slot{first}, later...), nil
}
