package apitest

import (
	"cmp"
	"context"
	"slices"

	"presage"
)

// PutFleet implements rest.Registry; stock is not kept.
func (w *World) PutFleet(ctx context.Context, f presage.Fleet) error {
	if w.Err != nil {
		return w.Err
	}
	w.depots = append(w.depots, f.Depots...)
	w.workshops = append(w.workshops, f.Workshops...)
	for _, c := range f.Customers {
		w.customers[c.ID] = c
	}
	w.Puts++
	return w.PutVehicles(ctx, f.Vehicles)
}

// CustomersKnown implements rest.Registry.
func (w *World) CustomersKnown(_ context.Context, ids []string) (map[string]bool, error) {
	known := map[string]bool{}
	for _, id := range ids {
		if _, ok := w.customers[id]; ok {
			known[id] = true
		}
	}
	return known, w.Err
}

// PutVehicles registers vehicles.
func (w *World) PutVehicles(_ context.Context, vs []presage.Vehicle) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range vs {
		w.vehicles = slices.DeleteFunc(w.vehicles, func(old presage.Vehicle) bool { return old.VIN == v.VIN })
		w.vehicles = append(w.vehicles, v)
	}
	slices.SortFunc(w.vehicles, func(a, b presage.Vehicle) int { return cmp.Compare(a.VIN, b.VIN) })
	return w.Err
}
