package apitest

import (
	"context"
	"slices"
	"time"

	"presage"
)

// Take lets nothing be free in [from, to), instead of what was taken before.
func (w *World) Take(from, to time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.taken = presage.Span{From: from, To: to}
}

func (w *World) isTaken(at time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !at.Before(w.taken.From) && at.Before(w.taken.To)
}

// Expire lets an offer run out.
func (w *World) Expire(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if o := w.offers[token]; o != nil {
		o.state = presage.OfferExpired
	}
}

// bookableDays is how far ahead the world plans visits.
const bookableDays = 41

// FreeDays implements rest.Calendar by the slots of each day.
func (w *World) FreeDays(ctx context.Context, e presage.Errand, month string) (presage.FreeMonth, error) {
	shop, err := w.Workshop(ctx, e.WorkshopID)
	if err != nil {
		return presage.FreeMonth{}, err
	}
	zone, err := time.LoadLocation(shop.Zone)
	if err != nil {
		return presage.FreeMonth{}, err
	}
	first, err := presage.Month(month, zone)
	if err != nil {
		return presage.FreeMonth{}, err
	}
	m := presage.FreeMonth{
		WorkshopID: shop.ID, Zone: shop.Zone, Month: month, From: w.now, Until: w.now.AddDate(0, 0, bookableDays),
	}
	for d := first; d.Before(first.AddDate(0, 1, 0)); d = d.AddDate(0, 0, 1) {
		day := presage.FreeDay{Day: d.Format(time.DateOnly), State: presage.DayClosed}
		free, err := w.FreeTimes(ctx, e, day.Day)
		if err != nil {
			return m, err
		}
		switch {
		case !d.AddDate(0, 0, 1).After(m.From):
			day.State = presage.DayEarly
		case d.After(m.Until):
			day.State = presage.DayLate
		case len(free) > 0:
			day.State, day.First = presage.DayFree, free[0].Start
		}
		m.Days = append(m.Days, day)
	}
	return m, nil
}

// FreeTimes implements rest.Calendar.
func (w *World) FreeTimes(ctx context.Context, e presage.Errand, day string) ([]presage.Slot, error) {
	shop, err := w.Workshop(ctx, e.WorkshopID)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(shop.Zone)
	if err != nil {
		return nil, err
	}
	at, err := presage.Date(day, zone)
	if err != nil {
		return nil, err
	}
	slots, err := w.Slots(ctx, shop.ID, e.Jobs, at, at.AddDate(0, 0, 1), -1)
	return slices.DeleteFunc(slots, func(s presage.Slot) bool {
		return !s.Start.After(w.now) || s.Start.After(w.now.AddDate(0, 0, bookableDays))
	}), err
}

// OfferDays implements rest.Calendar.
func (w *World) OfferDays(ctx context.Context, token, workshop, month string) (presage.FreeMonth, error) {
	e, err := w.errand(ctx, token, workshop)
	if err != nil {
		return presage.FreeMonth{}, err
	}
	return w.FreeDays(ctx, e, month)
}

// OfferTimes implements rest.Calendar.
func (w *World) OfferTimes(ctx context.Context, token, workshop, day string) ([]presage.Slot, error) {
	e, err := w.errand(ctx, token, workshop)
	if err != nil {
		return nil, err
	}
	slots, err := w.FreeTimes(ctx, e, day)
	if _, van := presage.SplitVan(workshop); van {
		slots = byVan(slots)
	}
	return slots, err
}

func (w *World) errand(ctx context.Context, token, workshop string) (presage.Errand, error) {
	o, err := w.offer(token)
	if err != nil {
		return presage.Errand{}, err
	}
	c, err := w.Case(ctx, o.caseID)
	if workshop == "" {
		workshop = c.WorkshopID
	}
	workshop, _ = presage.SplitVan(workshop)
	return presage.Errand{WorkshopID: workshop}, err
}
