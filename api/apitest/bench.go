package apitest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

// bench is what the workshops of the world do, by booking.
type bench struct {
	steps    map[string][]presage.RepairStep
	checks   map[string][]presage.JobCheck
	versions map[string][]presage.ResultVersion // the newest first
	photos   map[string][]presage.PhotoFile
}

func newBench() bench {
	return bench{
		steps: map[string][]presage.RepairStep{}, checks: map[string][]presage.JobCheck{},
		versions: map[string][]presage.ResultVersion{}, photos: map[string][]presage.PhotoFile{},
	}
}

// JobCard implements rest.Bench.
func (w *World) JobCard(ctx context.Context, id string) (presage.JobCard, error) {
	b, err := w.Booking(ctx, id)
	if err != nil {
		return presage.JobCard{}, err
	}
	c, err := w.Case(ctx, b.CaseID)
	if err != nil {
		return presage.JobCard{}, err
	}
	full := presage.Money{Minor: 69800, Currency: "CNY"}
	card := presage.JobCard{Booking: b, Case: c, Full: full, Price: c.Goodwill.Left(full), Goodwill: c.Goodwill}
	var errs [5]error
	card.Vehicle, errs[0] = w.Vehicle(ctx, b.VIN)
	card.Workshop, errs[1] = w.Workshop(ctx, b.WorkshopID)
	card.Repair, errs[2] = w.Course(ctx, id)
	card.Versions, errs[3] = w.Versions(ctx, id)
	card.Photos, errs[4] = w.JobPhotos(ctx, id)
	for _, id := range c.Components {
		x, err := w.catalogue.Component(id)
		if err != nil {
			return card, err
		}
		need := presage.JobNeed{Component: x}
		for _, p := range w.prognoses[b.VIN] {
			if p.Component == id {
				need.Prognosis = &p
			}
		}
		card.Needs = append(card.Needs, need)
		if j, err := w.catalogue.Job(x.JobCode); err == nil {
			j.Steps = []presage.Text{{ZH: "检查", EN: "Look at it"}, {ZH: "更换", EN: "Exchange it"}}
			card.Jobs = append(card.Jobs, j)
			for _, p := range j.Parts {
				part, _ := w.catalogue.Part(p.Part)
				card.Parts = append(card.Parts, presage.JobPart{PartQuantity: p, Name: part.Name, Bin: "A-04", OnHand: 6})
			}
		}
		card.Hints = append(card.Hints, presage.Hint{
			Component: id, Cases: 3, Outcomes: map[presage.Outcome]int{presage.OutcomeConfirmed: 2, presage.OutcomeOtherCause: 1},
			Newest: []presage.PastFinding{{
				At: w.now.AddDate(0, -1, 0), Car: "Lumen One", Outcome: presage.OutcomeOtherCause, Cause: "seized caliper", Note: "look at the pins",
			}},
		})
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	card.Checks = slices.Clone(w.bench.checks[id])
	return card, errors.Join(errs[:]...)
}

// Step implements rest.Bench.
func (w *World) Step(ctx context.Context, id string, stage presage.RepairStage, who string) error {
	if !slices.Contains(presage.RepairStages(), stage) {
		return fmt.Errorf("stage: %w: %.20q", presage.ErrInvalid, stage)
	}
	if err := presage.CheckPlain(who, 100); err != nil {
		return fmt.Errorf("who: %w", err)
	}
	b, err := w.Booking(ctx, id)
	if err != nil {
		return err
	}
	if b.State == presage.BookingConfirmed {
		if err := w.Arrive(ctx, id, who); err != nil {
			return err
		}
	} else if b.State != presage.BookingArrived {
		return fmt.Errorf("stage: %w: it is %s", presage.ErrConflict, b.State)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bench.steps[id] = append(w.bench.steps[id], presage.RepairStep{Stage: stage, At: w.now, Who: who})
	return nil
}

// Check implements rest.Bench.
func (w *World) Check(ctx context.Context, id, item, who string, ticked bool) error {
	card, err := w.JobCard(ctx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(card.Items(), item) || presage.CheckPlain(who, 100) != nil {
		return fmt.Errorf("item: %w: %.64q", presage.ErrInvalid, item)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bench.checks[id] = slices.DeleteFunc(w.bench.checks[id], func(c presage.JobCheck) bool { return c.Item == item })
	if ticked {
		w.bench.checks[id] = append(w.bench.checks[id], presage.JobCheck{Item: item, Who: who, At: w.now})
	}
	return nil
}

// Undo implements rest.Bench.
func (w *World) Undo(ctx context.Context, id, who string) error {
	if err := presage.CheckPlain(who, 100); err != nil {
		return fmt.Errorf("who: %w", err)
	}
	if _, err := w.Booking(ctx, id); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if list := w.bench.versions[id]; len(list) > 0 && list[0].UndoneAt.IsZero() && list[0].Why == "" {
		list[0].UndoneAt, list[0].UndoneBy = w.now, who
		w.bookings[w.index(id)].State = presage.BookingArrived
		return nil
	}
	return fmt.Errorf("undo: %w: nothing to take back", presage.ErrConflict)
}

// Correct implements rest.Bench.
func (w *World) Correct(ctx context.Context, r presage.WorkshopResult, who, why string) error {
	if _, err := w.Booking(ctx, r.BookingID); err != nil {
		return err
	}
	versions, err := w.Versions(ctx, r.BookingID)
	if err != nil {
		return err
	}
	was := presage.CurrentOf(versions)
	if was.Version == 0 {
		return fmt.Errorf("correct: %w: there is no result", presage.ErrConflict)
	}
	if r.VIN = was.Result.VIN; r.At.IsZero() {
		r.At = was.Result.At
	}
	if r, err = w.plausible(ctx, r); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addVersion(presage.ResultVersion{Result: r, RecordedBy: who, Why: why})
	return nil
}

// addVersion keeps a version; the caller holds the lock.
func (w *World) addVersion(v presage.ResultVersion) {
	list := w.bench.versions[v.Result.BookingID]
	v.Version, v.RecordedAt = len(list)+1, w.now
	w.bench.versions[v.Result.BookingID] = append([]presage.ResultVersion{v}, list...)
}

// Judge implements web.Bench.
func (w *World) Judge(ctx context.Context, r presage.WorkshopResult) error {
	_, err := w.plausible(ctx, r)
	return err
}

// Versions implements web.Bench.
func (w *World) Versions(_ context.Context, id string) ([]presage.ResultVersion, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.bench.versions[id]), w.Err
}

// Course implements web.Bench.
func (w *World) Course(_ context.Context, id string) (presage.Repair, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return presage.Repair{BookingID: id, Steps: slices.Clone(w.bench.steps[id])}, w.Err
}

// Courses implements web.Bench.
func (w *World) Courses(context.Context, string, time.Time, time.Time) ([]presage.Repair, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []presage.Repair
	for id, steps := range w.bench.steps {
		all = append(all, presage.Repair{BookingID: id, Steps: steps})
	}
	return all, w.Err
}

// Reads makes a car send its odometer an hour ago.
func (w *World) Reads(vin presage.VIN, km presage.Kilometre) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.now.Add(-time.Hour)
	w.rollups[vin] = append(w.rollups[vin], presage.Rollup{
		VIN: vin, Day: presage.DayOf(at), Features: map[string]float64{"odometer_km": float64(km)}, Last: at,
	})
}

// Grant makes an adviser let a customer off a share of a case's price.
func (w *World) Grant(caseID string, g presage.Goodwill) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.cases {
		if w.cases[i].ID == caseID {
			w.cases[i].Goodwill = &g
		}
	}
}
