package apitest

import (
	"cmp"
	"context"
	"slices"

	"presage"
)

// PutVehicles implements port.Registry.
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

// PutCustomers implements port.Registry.
func (w *World) PutCustomers(_ context.Context, cs []presage.Customer) error {
	for _, c := range cs {
		w.customers[c.ID] = c
	}
	return w.Err
}

// PutWorkshops implements port.Registry.
func (w *World) PutWorkshops(_ context.Context, ws []presage.Workshop) error {
	w.workshops = append(w.workshops, ws...)
	return w.Err
}

// PutDepots implements port.Registry.
func (w *World) PutDepots(_ context.Context, ds []presage.Depot) error {
	w.depots = append(w.depots, ds...)
	return w.Err
}

// PutStock implements port.Registry.
func (w *World) PutStock(context.Context, []presage.Stock) error { return w.Err }
