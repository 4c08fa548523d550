package visit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/outreach/casework"
)

// Reception takes the cars in and what the workshop found. Its fields are set
// once, before its first use.
type Reception struct {
	Store     ReceptionStore
	Ledger    *casework.Ledger
	Catalogue *presage.Catalogue
	Now       func() time.Time
}

// ReceptionStore is what the reception reads and keeps.
type ReceptionStore interface {
	Case(ctx context.Context, id string) (presage.Case, error)
	// LastCases returns the newest cases of a vehicle, newest first.
	LastCases(ctx context.Context, vin presage.VIN, limit int) ([]presage.Case, error)
	Booking(ctx context.Context, id string) (presage.Booking, error)
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	// Repair is the course of a visit, without steps before the car has come.
	Repair(ctx context.Context, bookingID string) (presage.Repair, error)
	// Rollups returns the days [from, to] in ascending order.
	Rollups(ctx context.Context, vin presage.VIN, from, to presage.Day) ([]presage.Rollup, error)
	MoveBooking(ctx context.Context, id string, from, to presage.BookingState, at time.Time) error
	// FinishBooking stores a workshop's result: labels, parts used, and the case's moves.
	FinishBooking(ctx context.Context, r presage.WorkshopResult, labels []presage.Label, evs []presage.CaseEvent) error
}

// Arrive notes that the vehicle is in the workshop, and who says so, "" for nobody known; also when it comes so late
// that it counted as a no-show. Repeating it is no error. ErrConflict when the
// booking is cancelled or over, or the car has another visit by now.
func (d *Reception) Arrive(ctx context.Context, bookingID, who string) error {
	now := d.Now()
	b, err := d.Store.Booking(ctx, bookingID)
	if err != nil {
		return fmt.Errorf("arrive: %w", err)
	}
	if b.State != presage.BookingArrived {
		from := presage.BookingConfirmed
		if b.State == presage.BookingNoShow {
			from = b.State
		}
		err := d.Store.MoveBooking(ctx, bookingID, from, presage.BookingArrived, now)
		if err != nil {
			return fmt.Errorf("arrive: %w", err)
		}
	}
	c, err := d.Store.Case(ctx, b.CaseID)
	if err != nil {
		return fmt.Errorf("arrive: %w", err)
	}
	if !c.State.CanBecome(presage.CaseArrived) {
		return nil
	}
	due := casework.Later(now, b.End).Add(24 * time.Hour)
	change := presage.CaseChange{DueAt: due, Owner: presage.OwnerWorkshop}
	note := casework.Note{Who: cmp.Or(who, presage.OwnerWorkshop), Why: presage.Because(presage.WhyArrived)}
	return d.Ledger.Move(ctx, c, presage.CaseArrived, change, note)
}

// RecordResult closes the loop with what a workshop found: each finding becomes
// a label for the models, the booking and its case are done, the parts used are
// booked off. Without a BookingID (a breakdown, a repair elsewhere) an open case
// of the vehicle whose first component was replaced ends as resolved elsewhere,
// and a visit booked for it is cancelled.
//
// ErrInvalid names what is wrong with the result, as ResultErrors where the
// fields are: what is only doubtful is stored once ConfirmedBy says that it is
// right. ErrConflict when it was
// recorded before; ErrNotFound for an unknown booking. A booking that counted as
// a no-show or was cancelled takes its result all the same: the car was there.
func (d *Reception) RecordResult(ctx context.Context, r presage.WorkshopResult) error {
	if r.BookingID != "" && r.VIN == "" {
		b, err := d.Store.Booking(ctx, r.BookingID)
		if err != nil {
			return fmt.Errorf("record result: %w", err)
		}
		r.VIN = b.VIN
	}
	r, err := d.plausible(ctx, r)
	if err != nil {
		return fmt.Errorf("record result: %w", err)
	}
	r.StoredAt = d.Now()
	if err := d.record(ctx, r, r.Labels()); err != nil {
		return fmt.Errorf("record result: %w", err)
	}
	return nil
}

// record writes a result down. Where the case that the repair resolves ended
// in between it looks once more: the finding must not be lost.
func (d *Reception) record(ctx context.Context, r presage.WorkshopResult, labels []presage.Label) error {
	evs, err := d.closing(ctx, r)
	if err != nil {
		return err
	}
	err = d.Store.FinishBooking(ctx, r, labels, evs)
	if r.BookingID != "" || len(evs) == 0 || !errors.Is(err, presage.ErrNotFound) && !errors.Is(err, presage.ErrConflict) {
		return err
	}
	if evs, err = d.closing(ctx, r); err != nil {
		return err
	}
	return d.Store.FinishBooking(ctx, r, labels, evs)
}

// closing is what a result does to the vehicle's case.
func (d *Reception) closing(ctx context.Context, r presage.WorkshopResult) ([]presage.CaseEvent, error) {
	if r.BookingID != "" {
		return []presage.CaseEvent{{At: r.At, Who: presage.OwnerWorkshop, To: presage.CaseDone, Reason: summary(r)}}, nil
	}
	c, found, err := d.resolvedBy(ctx, r)
	if err != nil || !found {
		return nil, err
	}
	return []presage.CaseEvent{{
		CaseID: c.ID, At: r.At, Who: presage.OwnerWorkshop, From: c.State, To: presage.CaseResolvedElsewhere,
		Reason: summary(r),
	}}, nil
}

// resolvedBy finds the vehicle's live case if its first component was replaced.
func (d *Reception) resolvedBy(ctx context.Context, r presage.WorkshopResult) (presage.Case, bool, error) {
	cases, err := d.Store.LastCases(ctx, r.VIN, 5)
	if err != nil {
		return presage.Case{}, false, err
	}
	for _, c := range cases {
		if c.State.Ended() || !c.State.CanBecome(presage.CaseResolvedElsewhere) || len(c.Components) == 0 {
			continue
		}
		for _, f := range r.Findings {
			if f.Component == c.Components[0] && (f.Replaced || f.Outcome == presage.OutcomeReplacedElsewhere) {
				return c, true, nil
			}
		}
	}
	return presage.Case{}, false, nil
}

// summary is what was found, component by component.
func summary(r presage.WorkshopResult) presage.Reason {
	var found []presage.Reason
	for _, f := range r.Findings {
		found = append(found, presage.Because(presage.WhyFinding,
			"component", string(f.Component), "outcome", string(f.Outcome)))
	}
	if len(found) == 0 {
		return presage.Because(presage.WhyNoFinding)
	}
	return found[0].With(found[1:]...)
}
