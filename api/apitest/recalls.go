package apitest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/outreach/recall"
)

// PutRecall implements rest.Recalls.
func (w *World) PutRecall(_ context.Context, r presage.Recall) error {
	if err := r.Validate(w.catalogue); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	r.At = w.now
	put(&w.recalls, r, func(x presage.Recall) string { return x.ID })
	return w.Err
}

// ImportRecalls implements rest.Recalls by the desk itself.
func (w *World) ImportRecalls(ctx context.Context, list []byte, dry bool) (presage.RecallImport, error) {
	shelf := recallShelf{w}
	d := recall.Desk{DeskStore: shelf, Book: recall.NewBook(shelf, w.Now), Catalogue: w.catalogue, Now: w.Now}
	return d.ImportRecalls(ctx, list, dry)
}

// recallShelf is the world as a store of recalls.
type recallShelf struct{ *World }

// PutRecalls implements recall.DeskStore.
func (s recallShelf) PutRecalls(ctx context.Context, rs []presage.Recall) error {
	for _, r := range rs {
		if err := s.PutRecall(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// RecallDone implements recall.DeskStore.
func (s recallShelf) RecallDone(ctx context.Context, id string, vins []presage.VIN, _ time.Time) (int, error) {
	return s.Done(ctx, id, vins)
}

// Recall implements rest.Recalls.
func (w *World) Recall(_ context.Context, id string) (presage.Recall, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, err := find(w.recalls, "recall", func(r presage.Recall) bool { return r.ID == id })
	return r, cmp.Or(err, w.Err)
}

// Recalls implements rest.Recalls.
func (w *World) Recalls(_ context.Context, after string, limit int) ([]presage.RecallProgress, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.RecallProgress
	for _, r := range w.recalls {
		if r.ID > after && (limit == 0 || len(out) < limit) {
			n := len(w.carsOf(r))
			out = append(out, presage.RecallProgress{Recall: r, Cars: n, Open: n})
		}
	}
	return out, w.Err
}

func (w *World) carsOf(r presage.Recall) []presage.RecallCar {
	var out []presage.RecallCar
	for _, v := range w.vehicles {
		in := func(x presage.RecallRange) bool { return x.Contains(v) }
		if slices.Contains(r.VINs, v.VIN) || slices.ContainsFunc(r.Ranges, in) {
			out = append(out, presage.RecallCar{Recall: r.ID, VIN: v.VIN, State: presage.RecallOpen, Known: true})
		}
	}
	slices.SortFunc(out, func(a, b presage.RecallCar) int { return strings.Compare(string(a.VIN), string(b.VIN)) })
	return out
}

// RecallCars implements rest.Recalls.
func (w *World) RecallCars(_ context.Context, f presage.RecallCarFilter) ([]presage.RecallCar, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.RecallCar
	for _, r := range w.recalls {
		if f.Recall == "" || r.ID == f.Recall {
			out = append(out, w.carsOf(r)...)
		}
	}
	out = slices.DeleteFunc(out, func(c presage.RecallCar) bool {
		return f.State != "" && c.State != f.State || f.VIN != "" && c.VIN != f.VIN || f.After != "" && c.VIN <= f.After
	})
	if f.Limit > 0 {
		out = out[:min(len(out), f.Limit)]
	}
	return out, w.Err
}

// Done implements rest.Recalls.
func (w *World) Done(ctx context.Context, id string, vins []presage.VIN) (int, error) {
	cars, err := w.RecallCars(ctx, presage.RecallCarFilter{Recall: id})
	n := 0
	for _, c := range cars {
		if slices.Contains(vins, c.VIN) {
			n++
		}
	}
	if _, e := w.Recall(ctx, id); e != nil {
		return 0, e
	}
	return n, err
}
