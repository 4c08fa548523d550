package apitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// Overview implements rest.Fleet.
func (w *World) Overview(_ context.Context, heardSince time.Time, silence presage.Silence) (presage.Overview, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := presage.Overview{
		Vehicles: len(w.vehicles), ByStatus: map[presage.Status]int{}, Cases: map[presage.CaseState]int{},
		Avoided: 118, Occurred: 9,
	}
	for _, v := range w.vehicles {
		if !v.LastSeen.Before(heardSince) {
			o.Heard++
		}
		if _, silent := silence.Since(v); silent {
			o.Silent++
		}
		o.ByStatus[presage.WorstStatus(w.prognoses[v.VIN])]++
	}
	for _, c := range w.catalogue.Components {
		counts := map[presage.Status]int{}
		for _, ps := range w.prognoses {
			for _, p := range ps {
				if p.Component == c.ID {
					counts[p.Status]++
				}
			}
		}
		for status, n := range counts {
			o.Health = append(o.Health, presage.HealthCount{Component: c.ID, Status: status, Vehicles: n})
		}
	}
	for _, c := range w.cases {
		o.Cases[c.State]++
	}
	for _, f := range w.outlooks {
		if f.Forecast.OrderNow > 0 {
			o.OpenParts++
		}
	}
	return o, w.Err
}

// Urgent implements rest.Fleet.
func (w *World) Urgent(_ context.Context, limit int) ([]presage.Prognosis, error) {
	var out []presage.Prognosis
	for _, v := range w.vehicles {
		ps := slices.Clone(w.prognoses[v.VIN])
		slices.SortFunc(ps, urgency)
		if len(ps) > 0 && ps[0].Status.Urgency() > presage.StatusStale.Urgency() {
			out = append(out, ps[0])
		}
	}
	slices.SortFunc(out, urgency)
	return out[:min(limit, len(out))], w.Err
}

func urgency(a, b presage.Prognosis) int {
	return cmp.Or(cmp.Compare(b.Status.Urgency(), a.Status.Urgency()),
		cmp.Compare(b.FailWithin.D30, a.FailWithin.D30), cmp.Compare(a.VIN, b.VIN))
}

// Customer implements rest.Places.
func (w *World) Customer(_ context.Context, id string) (presage.Customer, error) {
	c, ok := w.customers[id]
	if !ok {
		return c, fmt.Errorf("customer: %w", presage.ErrNotFound)
	}
	return c, w.Err
}

// Workshop implements rest.Places.
func (w *World) Workshop(_ context.Context, id string) (presage.Workshop, error) {
	x, err := find(w.workshops, "workshop", func(x presage.Workshop) bool { return x.ID == id })
	return x, cmp.Or(err, w.Err)
}

// Workshops implements rest.Places.
func (w *World) Workshops(context.Context) ([]presage.Workshop, error) { return w.workshops, w.Err }

// Depots implements rest.Places.
func (w *World) Depots(context.Context) ([]presage.Depot, error) { return w.depots, w.Err }
