package apitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// Quality implements rest.Quality.
func (w *World) Quality(context.Context) ([]presage.QualityReport, error) {
	return []presage.QualityReport{
		{Source: "", Customers: 2, Vehicles: 2, Score: 100, Figures: []presage.QualityFigure{}},
		{Source: "dms-1", Customers: 2, Vehicles: 1, Score: 33.3, Figures: []presage.QualityFigure{
			{Check: presage.PhoneTwice, Found: 2, Of: 2}, {Check: presage.VINCheckOdd, Found: 1, Of: 1, Hint: true},
		}},
	}, w.Err
}

// QualityRecords implements rest.Quality.
func (w *World) QualityRecords(
	_ context.Context, source string, check presage.QualityCheck,
) ([]presage.QualityRecord, error) {
	if source != "dms-1" || check != presage.PhoneTwice {
		return nil, w.Err
	}
	out := []presage.QualityRecord{}
	for _, id := range []string{"k1", "k2"} {
		out = append(out, presage.QualityRecord{
			Check: check, Source: source, Kind: presage.KindCustomer, ID: id, ExternalID: "C-" + id, Shown: "+86*********07", Group: "pk1",
		})
	}
	return out, w.Err
}

// MergeCustomers implements rest.Merges.
func (w *World) MergeCustomers(_ context.Context, x presage.MergeWish) (presage.Merge, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := presage.Merge{ID: fmt.Sprint("m", len(w.merged)+1), Keep: x.Keep, Gone: x.Gone, Who: x.Who, At: x.At}
	switch {
	case x.Keep == x.Gone:
		return m, fmt.Errorf("gone: %w: it is the same customer", presage.ErrInvalid)
	case w.customers[x.Keep].ID == "" || w.customers[x.Gone].ID == "":
		return m, fmt.Errorf("customer: %w", presage.ErrNotFound)
	}
	w.merged = append(w.merged, m)
	return m, w.Err
}

// UndoMerge implements rest.Merges.
func (w *World) UndoMerge(_ context.Context, id, who string, now time.Time) (presage.Merge, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.merged {
		switch m := &w.merged[i]; {
		case m.ID != id:
		case !m.UndoneAt.IsZero():
			return *m, fmt.Errorf("merge: %w: it is undone already", presage.ErrConflict)
		default:
			m.UndoneAt, m.UndoneBy = now, who
			return *m, w.Err
		}
	}
	return presage.Merge{}, fmt.Errorf("merge: %w", presage.ErrNotFound)
}

// Merges implements rest.Merges.
func (w *World) Merges(_ context.Context, after string, limit int) ([]presage.Merge, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := slices.Clone(w.merged)
	slices.Reverse(all)
	if i := slices.IndexFunc(all, func(m presage.Merge) bool { return m.ID == after }); i >= 0 {
		all = all[i+1:]
	}
	return all[:min(len(all), limit)], w.Err
}

// Merge implements rest.Merges.
func (w *World) Merge(_ context.Context, id string) (presage.Merge, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := find(w.merged, "merge", func(m presage.Merge) bool { return m.ID == id })
	return m, cmp.Or(err, w.Err)
}
