package visit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/internal/photo"
	"presage/internal/wording"
	"presage/outreach/casework"
)

// Bench is where a car is worked on: the job card, the stages of the repair, and
// what becomes of a result afterwards. Its fields are set once, before its first use.
type Bench struct {
	*Reception

	Repairs BenchStore
	Files   *Files
	Photos  *photo.Maker
}

// BenchStore keeps the courses of repairs and the versions of results.
type BenchStore interface {
	PhotoStore
	StepRepair(ctx context.Context, bookingID string, step presage.RepairStep) error
	Repair(ctx context.Context, bookingID string) (presage.Repair, error)
	RepairsAt(ctx context.Context, workshopID string, from, to time.Time) ([]presage.Repair, error)
	SetCheck(ctx context.Context, bookingID string, c presage.JobCheck, ticked bool) error
	Checks(ctx context.Context, bookingID string) ([]presage.JobCheck, error)
	PastFindings(ctx context.Context, q presage.PastQuery, limit int) ([]presage.PastFinding, error)
	// ResultVersions lists the newest first.
	ResultVersions(ctx context.Context, bookingID string) ([]presage.ResultVersion, error)
	CorrectResult(ctx context.Context, c presage.Correction) error
	UndoResult(ctx context.Context, bookingID, who string, now time.Time) error
	Stock(ctx context.Context, f presage.StockFilter) ([]presage.Stock, error)
}

// JobCard is all that a technician needs to know of a visit. ErrNotFound.
func (b *Bench) JobCard(ctx context.Context, bookingID string) (presage.JobCard, error) {
	booked, f, err := b.open(ctx, bookingID)
	if err != nil {
		return presage.JobCard{}, err
	}
	card := presage.JobCard{
		Booking: booked, Vehicle: f.Vehicle, Workshop: f.Workshop, Case: f.Case, Jobs: f.Plan.Jobs,
		Full: f.Workshop.PriceOf(f.Plan.Jobs), Price: f.Plan.PriceAt(f.Workshop), Covered: f.Plan.Covered,
		Goodwill: f.Plan.Goodwill,
	}
	if f.Coupon != nil {
		card.Coupon = f.Coupon
		_, card.Off = f.couponAt(booked.Start)
	}
	var errs [6]error
	errs[0] = b.needs(ctx, &card, f.Plan.Lines)
	errs[1] = b.cardParts(ctx, &card, f.Workshop.DepotID)
	card.Repair, errs[2] = b.Repairs.Repair(ctx, bookingID)
	card.Checks, errs[3] = b.Repairs.Checks(ctx, bookingID)
	card.Versions, errs[4] = b.Repairs.ResultVersions(ctx, bookingID)
	card.Photos, errs[5] = b.Repairs.JobPhotos(ctx, bookingID)
	if err := errors.Join(errs[:]...); err != nil {
		return card, fmt.Errorf("job card of booking %s: %w", bookingID, err)
	}
	return card, nil
}

// open reads a visit with the file of its case.
func (b *Bench) open(ctx context.Context, bookingID string) (presage.Booking, CaseFile, error) {
	booked, err := b.Store.Booking(ctx, bookingID)
	if err != nil {
		return booked, CaseFile{}, fmt.Errorf("job card: %w", err)
	}
	f, err := b.Files.ByCase(ctx, booked.CaseID)
	if err != nil {
		return booked, f, fmt.Errorf("job card: %w", err)
	}
	return booked, f, nil
}

// needs are the components of the visit with what is known of them, and what came
// of them at other cars.
func (b *Bench) needs(ctx context.Context, card *presage.JobCard, lines []wording.Line) error {
	alerts, err := b.Ledger.Alerts(ctx, card.Booking.VIN)
	if err != nil {
		return err
	}
	for _, x := range lines {
		id, need := x.Component.ID, presage.JobNeed{Component: x.Component}
		if x.Prognosis.Component == id {
			need.Prognosis = &x.Prognosis
		}
		for i := range alerts {
			if alerts[i].Component == id && need.Alert == nil {
				need.Alert = &alerts[i]
			}
		}
		card.Needs = append(card.Needs, need)
		hint, err := b.hint(ctx, *card, id)
		if err != nil {
			return err
		}
		if hint.Cases > 0 {
			card.Hints = append(card.Hints, hint)
		}
	}
	return nil
}

// How many findings a card reads, and how many it shows.
const (
	mostPast  = 200
	shownPast = 4
)

func (b *Bench) hint(ctx context.Context, card presage.JobCard, id presage.ComponentID) (presage.Hint, error) {
	h := presage.Hint{Component: id, Outcomes: map[presage.Outcome]int{}}
	past, err := b.Repairs.PastFindings(ctx, presage.PastQuery{
		Component: id, Powertrain: card.Vehicle.Powertrain, Make: card.Vehicle.Make, Model: card.Vehicle.Model,
		Alerted: slices.Contains(card.Case.Alerted, id), Except: card.Booking.VIN, Before: b.Now(),
	}, mostPast)
	for _, f := range past {
		h.Cases++
		h.Outcomes[f.Outcome]++
	}
	h.Newest = past[:min(shownPast, len(past))]
	return h, err
}

func (b *Bench) cardParts(ctx context.Context, card *presage.JobCard, depot string) error {
	for _, p := range card.Booking.Parts {
		part, _ := b.Catalogue.Part(p.Part) // one that left the catalogue has its number
		x := presage.JobPart{PartQuantity: p, Name: part.Name}
		shelf, err := b.Repairs.Stock(ctx, presage.StockFilter{DepotID: depot, Part: p.Part})
		if err != nil {
			return err
		}
		for _, st := range shelf {
			x.Bin, x.OnHand = st.Bin, st.OnHand
		}
		card.Parts = append(card.Parts, x)
	}
	return nil
}

// Step notes that a car has reached a stage of its repair; one that has not come
// yet has arrived by that. ErrInvalid for a stage that nobody sets by hand,
// ErrConflict when the visit is over.
func (b *Bench) Step(ctx context.Context, bookingID string, stage presage.RepairStage, who string) error {
	if !slices.Contains(presage.RepairStages(), stage) {
		return fmt.Errorf("stage: %w: %.20q: want one of %v", presage.ErrInvalid, stage, presage.RepairStages())
	}
	if err := presage.CheckPlain(who, mostWho); err != nil {
		return fmt.Errorf("who: %w", err)
	}
	booked, err := b.Store.Booking(ctx, bookingID)
	if err != nil {
		return fmt.Errorf("stage: %w", err)
	}
	if booked.State == presage.BookingConfirmed || booked.State == presage.BookingNoShow {
		if err := b.Arrive(ctx, bookingID, who); err != nil {
			return err
		}
	}
	return b.Repairs.StepRepair(ctx, bookingID, presage.RepairStep{Stage: stage, At: b.Now(), Who: who})
}

// mostWho is how long the name of a technician may be.
const mostWho = 100

// Check ticks an item of the job card, or takes the tick back. ErrInvalid for an
// item that the card has not.
func (b *Bench) Check(ctx context.Context, bookingID, item, who string, ticked bool) error {
	_, f, err := b.open(ctx, bookingID)
	if err != nil {
		return err
	}
	if err := presage.CheckPlain(who, mostWho); err != nil {
		return fmt.Errorf("who: %w", err)
	}
	if !slices.Contains(presage.JobCard{Jobs: f.Plan.Jobs}.Items(), item) {
		return fmt.Errorf("item: %w: %.64q: the card has no such step", presage.ErrInvalid, item)
	}
	return b.Repairs.SetCheck(ctx, bookingID, presage.JobCheck{Item: item, Who: who, At: b.Now()}, ticked)
}

// Judge says what RecordResult would refuse about a result, and keeps nothing.
func (b *Bench) Judge(ctx context.Context, r presage.WorkshopResult) error {
	_, err := b.plausible(ctx, r)
	return err
}

// Versions of a booking's result, the newest first.
func (b *Bench) Versions(ctx context.Context, bookingID string) ([]presage.ResultVersion, error) {
	return b.Repairs.ResultVersions(ctx, bookingID)
}

// Course is how far the repair of a booking has come.
func (b *Bench) Course(ctx context.Context, bookingID string) (presage.Repair, error) {
	return b.Repairs.Repair(ctx, bookingID)
}

// Courses are those of the visits that begin in [from, to) at a workshop.
func (b *Bench) Courses(ctx context.Context, workshopID string, from, to time.Time) ([]presage.Repair, error) {
	return b.Repairs.RepairsAt(ctx, workshopID, from, to)
}

// Undo takes the result of a booking back within presage.UndoWithin.
func (b *Bench) Undo(ctx context.Context, bookingID, who string) error {
	if err := presage.CheckPlain(who, mostWho); err != nil {
		return fmt.Errorf("who: %w", err)
	}
	return b.Repairs.UndoResult(ctx, bookingID, who, b.Now())
}

// Correct puts another version in the place of a booking's result; both stay, and
// the labels follow the new one. Errors are those of RecordResult; ErrInvalid
// without a reason.
func (b *Bench) Correct(ctx context.Context, r presage.WorkshopResult, who, why string) error {
	if err := errors.Join(presage.CheckPlain(who, mostWho), presage.CheckNote(why, mostWhy)); err != nil {
		return fmt.Errorf("correction: %w", err)
	}
	versions, err := b.Repairs.ResultVersions(ctx, r.BookingID)
	if err != nil {
		return fmt.Errorf("correct result: %w", err)
	}
	was := presage.CurrentOf(versions)
	if was.Version == 0 {
		return presage.Refuse(
			fmt.Errorf("correct result of booking %s: %w: it has none", r.BookingID, presage.ErrConflict),
			presage.WhyResultNone)
	}
	if r.At.IsZero() {
		r.At = was.Result.At
	}
	r.VIN = was.Result.VIN
	var faults presage.ResultErrors
	if why == "" {
		faults = append(faults, presage.ResultFault{Field: "why", Why: presage.Because(presage.WhyMissing)})
	}
	r, err = b.plausible(ctx, r)
	if more, ok := errors.AsType[presage.ResultErrors](err); ok {
		faults, err = append(faults, more...), nil
	}
	switch {
	case err != nil:
		return fmt.Errorf("correct result: %w", err)
	case len(faults) > 0:
		return fmt.Errorf("correct result: %w", faults)
	}
	r.StoredAt = b.Now()
	return b.Repairs.CorrectResult(ctx, presage.Correction{Result: r, Who: who, Why: casework.Clip(why), At: b.Now()})
}

// mostWhy is how long the reason of a correction may be.
const mostWhy = 300
