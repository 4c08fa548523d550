package recall

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

// DeskStore keeps recalls and the cars that they concern.
type DeskStore interface {
	Store
	// PutRecalls inserts or replaces recalls, all or none.
	PutRecalls(ctx context.Context, rs []presage.Recall) error
	// Recalls lists recalls by ID with their progress, after one of them.
	Recalls(ctx context.Context, after string, limit int) ([]presage.RecallProgress, error)
	RecallCars(ctx context.Context, f presage.RecallCarFilter) ([]presage.RecallCar, error)
	// RecallDone notes that cars were done elsewhere, and counts those that the
	// recall concerns.
	RecallDone(ctx context.Context, id string, vins []presage.VIN, at time.Time) (int, error)
}

// Desk takes recalls in. Its fields are set once, before its first use.
type Desk struct {
	DeskStore
	Book      *Book
	Catalogue *presage.Catalogue
	Now       func() time.Time
}

// PutRecall takes one in. ErrInvalid names every fault by its field.
func (d *Desk) PutRecall(ctx context.Context, r presage.Recall) error {
	if err := r.Validate(d.Catalogue); err != nil {
		return fmt.Errorf("recall: %w", err)
	}
	r.At = d.Now().UTC()
	return d.put(ctx, []presage.Recall{r})
}

// ImportRecalls takes a list in as CSV (see Columns) or JSON, all or nothing, or only
// tells what would change. A recall stays closed or open where the list does not say;
// one that has not changed is not stored again. ErrInvalid names every fault with its line.
func (d *Desk) ImportRecalls(ctx context.Context, list []byte, dry bool) (presage.RecallImport, error) {
	done := presage.RecallImport{DryRun: dry}
	rows, err := readList(list, d.Catalogue, d.Now().UTC())
	if err != nil {
		return done, err
	}
	var changed []presage.Recall
	for _, x := range rows {
		was, err := d.Recall(ctx, x.ID)
		isNew := errors.Is(err, presage.ErrNotFound)
		if err != nil && !isNew {
			return done, err
		}
		if !x.closes {
			x.Closed = was.Closed
		}
		switch {
		case isNew:
			done.Created++
		case same(was, x.Recall):
			done.Unchanged++
			continue
		default:
			done.Updated++
		}
		changed = append(changed, x.Recall)
	}
	if dry || len(changed) == 0 {
		return done, nil
	}
	return done, d.put(ctx, changed)
}

// same tells whether two versions say the same.
func same(a, b presage.Recall) bool {
	a.At, b.At = time.Time{}, time.Time{}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errors.Join(errX, errY) == nil && bytes.Equal(x, y)
}

func (d *Desk) put(ctx context.Context, rs []presage.Recall) error {
	defer d.Book.Forget()
	return d.PutRecalls(ctx, rs)
}

// Done notes that cars were done elsewhere, and returns how many of them the recall
// concerns. ErrInvalid names each VIN that cannot be one.
func (d *Desk) Done(ctx context.Context, id string, vins []presage.VIN) (int, error) {
	if _, err := d.Recall(ctx, id); err != nil {
		return 0, err
	}
	var faults []error
	for i, vin := range vins {
		if _, err := presage.ParseVIN(string(vin)); err != nil {
			faults = append(faults, fmt.Errorf("vins[%d]: %w", i, err))
		}
	}
	if len(faults) > 0 {
		return 0, errors.Join(faults...)
	}
	return d.RecallDone(ctx, id, slices.Compact(slices.Sorted(slices.Values(vins))), d.Now())
}
