package visit

import (
	"context"
	"fmt"
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
	w, err := a.Store.Workshop(ctx, workshopID)
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	var v Plan
	for _, code := range jobs {
		j, err := a.Catalogue.Job(code)
		if err != nil {
			return nil, fmt.Errorf("slots: %w", err)
		}
		v.Jobs = append(v.Jobs, j)
	}
	v.Duration, v.Skills, v.Parts = booking.Work(v.Jobs)
	if err := a.Possible(w, v); err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	now := a.Now()
	if last := a.horizon(); from.After(last) {
		return nil, fmt.Errorf("slots: %w from: %w: visits are planned until %s", presage.ErrInvalid, presage.ErrTooLate,
			last.UTC().Format(time.DateOnly))
	} else if to.After(last) {
		to = last
	}
	x, err := a.SupplyOf(ctx, w.DepotID, v.Parts, now)
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	return a.Search(ctx, w, v, Window{From: casework.Later(from, x.Ready(now)), To: to, Limit: limit})
}

// Window is when a visit may start, [from, to), and how many slots are wanted (0 for all).
type Window struct {
	From, To time.Time
	Limit    int
}

// Search reads what is taken and looks for slots.
func (a *Agenda) Search(ctx context.Context, w presage.Workshop, v Plan, in Window) ([]presage.Slot, error) {
	if !in.From.Before(in.To) {
		return nil, nil
	}
	s := a.question(w, v)
	s.From, s.To, s.Limit = in.From, in.To, in.Limit
	var err error
	if s.Busy, err = a.busy(ctx, w, v, in.From, in.To.Add(booking.Reach(s))); err != nil {
		return nil, fmt.Errorf("slots of workshop %s: %w", w.ID, err)
	}
	slots, err := booking.Slots(s)
	if err != nil {
		return nil, fmt.Errorf("slots of workshop %s: %w", w.ID, err)
	}
	return slots, nil
}

// FreeSlots chooses the slots of an offer: after the notice time and the
// parts' arrival, around the target day.
func (a *Agenda) FreeSlots(ctx context.Context, w presage.Workshop, v Plan, target time.Time) ([]presage.Slot, error) {
	now := a.Now()
	x, err := a.supply(ctx, w.DepotID, v, now)
	if err != nil {
		return nil, err
	}
	return a.near(ctx, w, v, casework.Later(now.Add(a.Rules.Notice), x.Ready(now)), target)
}

// near chooses the slots of an offer around the target day, not before earliest.
func (a *Agenda) near(ctx context.Context, w presage.Workshop, v Plan, earliest, target time.Time,
) ([]presage.Slot, error) {
	n := a.Rules.SlotsOffered
	const week = 7 * 24 * time.Hour
	target = casework.Later(target, earliest)
	to := target.AddDate(0, 0, a.Rules.SearchDays)
	slots, err := a.Search(ctx, w, v, Window{From: casework.Later(earliest, target.Add(-week)), To: to})
	if err == nil && len(slots) < n {
		slots, err = a.Search(ctx, w, v, Window{From: earliest, To: to})
	}
	if err != nil {
		return nil, err
	}
	return booking.Pick(slots, target, n, contact.ZoneOf(w.Zone)), nil
}
