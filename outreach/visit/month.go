package visit

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// FreeDays tells on which days of a month ("2026-12", of the workshop) a visit for
// jobs can begin. Errors are those of Slots.
func (a *Agenda) FreeDays(ctx context.Context, e presage.Errand, month string) (presage.FreeMonth, error) {
	w, v, err := a.errand(ctx, e)
	if err != nil {
		return presage.FreeMonth{}, fmt.Errorf("days: %w", err)
	}
	x, err := a.SupplyOf(ctx, w.DepotID, v.Parts, a.Now())
	if err != nil {
		return presage.FreeMonth{}, fmt.Errorf("days: %w", err)
	}
	return a.days(ctx, w, v, Window{From: x.Ready(a.Now()), To: a.horizon()}, month)
}

// FreeTimes lists the free appointments of one day ("2026-12-07", of the workshop).
func (a *Agenda) FreeTimes(ctx context.Context, e presage.Errand, day string) ([]presage.Slot, error) {
	w, err := a.Store.Workshop(ctx, e.WorkshopID)
	if err != nil {
		return nil, fmt.Errorf("times: %w", err)
	}
	from, err := midnight(w, day)
	if err != nil {
		return nil, fmt.Errorf("times: %w", err)
	}
	return a.slots(ctx, e, Window{From: from, To: from.AddDate(0, 0, 1)})
}

// errand reads what a visit takes. ErrInvalid when the workshop can never do it.
func (a *Agenda) errand(ctx context.Context, e presage.Errand) (presage.Workshop, Plan, error) {
	var v Plan
	w, err := a.Store.Workshop(ctx, e.WorkshopID)
	if err != nil {
		return w, v, err
	}
	for _, code := range e.Jobs {
		j, err := a.Catalogue.Job(code)
		if err != nil {
			return w, v, err
		}
		v.Jobs = append(v.Jobs, j)
	}
	v.Needs = booking.Work(v.Jobs)
	if e.At != nil && w.Place != nil {
		v.Site = &presage.Site{Place: *e.At, Km: w.Place.To(*e.At)}
	} else if e.At != nil {
		v.Site = &presage.Site{Place: *e.At} // Possible says that no van comes
	}
	return w, v, a.Possible(w, v)
}

// days reads what is taken in a month and tells of each day whether a visit can
// begin on it in the window.
func (a *Agenda) days(ctx context.Context, w presage.Workshop, v Plan, in Window, month string,
) (presage.FreeMonth, error) {
	zone, err := w.Location()
	if err != nil {
		return presage.FreeMonth{}, err
	}
	first, err := presage.Month(month, zone)
	if err != nil {
		return presage.FreeMonth{}, err
	}
	m := presage.FreeMonth{WorkshopID: w.ID, Zone: w.Zone, Month: month, From: in.From, Until: in.To}
	s, err := a.taken(ctx, w, v, clip(in, first, first.AddDate(0, 1, 0)))
	if err != nil {
		return m, fmt.Errorf("days of workshop %s: %w", w.ID, err)
	}
	if m.Days, err = booking.Days(s, first); err != nil {
		return m, fmt.Errorf("days of workshop %s: %w", w.ID, err)
	}
	return m, nil
}

// clip bounds a window; it may be empty then.
func clip(in Window, from, to time.Time) Window {
	in.From = casework.Later(in.From, from)
	if to.Before(in.To) {
		in.To = to
	}
	return in
}

func midnight(w presage.Workshop, day string) (time.Time, error) {
	zone, err := w.Location()
	if err != nil {
		return time.Time{}, err
	}
	return presage.Date(day, zone)
}
