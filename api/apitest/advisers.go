package apitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// Advisers implements rest.Advisers.
func (w *World) Advisers(context.Context) ([]presage.Adviser, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.advisers), w.Err
}

// AdviserLoads implements rest.Advisers: everybody has two.
func (w *World) AdviserLoads(ctx context.Context, _ time.Time) (map[string]presage.AdviserLoad, error) {
	all, err := w.Advisers(ctx)
	loads := map[string]presage.AdviserLoad{}
	for _, a := range all {
		loads[a.Name] = presage.AdviserLoad{Open: 2, Lately: 3}
	}
	return loads, err
}

// PutAdviser implements rest.Advisers.
func (w *World) PutAdviser(_ context.Context, a presage.Adviser) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.advisers {
		if x.Name == a.Name && x.ID != a.ID {
			return fmt.Errorf("name: %w: another adviser has it", presage.ErrConflict)
		}
	}
	put(&w.advisers, a, func(x presage.Adviser) string { return x.ID })
	return w.Err
}

// RemoveAdviser implements rest.Advisers.
func (w *World) RemoveAdviser(_ context.Context, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return cmp.Or(remove(&w.advisers, "adviser", func(x presage.Adviser) bool { return x.ID == id }), w.Err)
}
