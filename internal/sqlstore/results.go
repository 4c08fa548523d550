package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

// FinishBooking records what a workshop found, in one transaction: the result
// itself, the labels, the parts used (taken off the shelf, counted as use of
// that day), and the events, each of which moves its case.
//
// With a BookingID the booking becomes done, also one that counted as a no-show
// or was cancelled: the car was there. What it had reserved is freed, a visit
// booked instead of it is cancelled, and the case becomes done by the event, or
// one that the store writes. A case that ended otherwise stays as it ended.
// Without a BookingID (towed, or repaired elsewhere) the parts come from the
// depot of the vehicle's workshop, none if that is unknown; an event that ends
// the vehicle's open case cancels the booking that the case still holds.
// Events may leave CaseID and From empty: the booking's case or the vehicle's
// open one, in the state it is in.
//
// ErrConflict: this vehicle and time were recorded before, the booking is over,
// or a case has moved on. ErrNotFound: no such booking or case.
func (s *Store) FinishBooking(
	ctx context.Context, r presage.WorkshopResult, ls []presage.Label, evs []presage.CaseEvent,
) error {
	return s.inTx(ctx, "record workshop result of "+r.VIN.Masked(), func(tx *sql.Tx) error {
		return finishIn(ctx, tx, r, ls, evs)
	})
}

func finishIn(
	ctx context.Context, tx *sql.Tx, r presage.WorkshopResult, ls []presage.Label, evs []presage.CaseEvent,
) error {
	if r.BookingID != "" {
		return finish(ctx, tx, r, ls, evs)
	}
	if err := putResult(ctx, tx, r); err != nil {
		return err
	}
	depot, err := unplanned(ctx, tx, r, evs)
	if err != nil {
		return err
	}
	if _, err := consume(ctx, tx, depot, r); err != nil {
		return err
	}
	return putLabels(ctx, tx, ls)
}

// putResult keeps a result as the one that counts. ErrConflict where the vehicle
// has another of that time.
func putResult(ctx context.Context, tx *sql.Tx, r presage.WorkshopResult) error {
	body, err := encode(r)
	if err != nil {
		return err
	}
	err = changed(tx.ExecContext(ctx, `INSERT INTO workshop_results (vin, at, booking_id, body)
		VALUES ($1, $2, $3, $4) ON CONFLICT (vin, at) DO NOTHING`, r.VIN, micros(r.At), r.BookingID, clean(body)))
	if errors.Is(err, sql.ErrNoRows) {
		return presage.Refuse(fmt.Errorf("%w: a result of this time is recorded already", presage.ErrConflict),
			presage.WhyResultThere)
	}
	return err
}

// finish ends the booking and its case, and keeps what was before for an undo.
func finish(
	ctx context.Context, tx *sql.Tx, r presage.WorkshopResult, ls []presage.Label, evs []presage.CaseEvent,
) error {
	b, err := lockBooking(ctx, tx, r.BookingID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("booking %s: %w", r.BookingID, presage.ErrNotFound)
	case err != nil:
		return err
	case b.VIN != r.VIN:
		return fmt.Errorf("booking %s: %w: it is of %s", b.ID, presage.ErrInvalid, b.VIN.Masked())
	case b.State == presage.BookingDone:
		return presage.Refuse(fmt.Errorf("booking %s: %w: it is %s", b.ID, presage.ErrConflict, b.State),
			presage.WhyVisitDone)
	}
	if err := putResult(ctx, tx, r); err != nil {
		return err
	}
	back, err := endVisit(ctx, tx, b, r, evs)
	if err != nil {
		return err
	}
	if back.Taken, err = consume(ctx, tx, b.DepotID, r); err != nil {
		return err
	}
	first := presage.ResultVersion{Result: r, RecordedAt: r.StoredAt, RecordedBy: r.Who}
	if first.RecordedAt.IsZero() {
		first.RecordedAt = r.At
	}
	if err := putVersion(ctx, tx, first, back); err != nil {
		return err
	}
	return putLabels(ctx, tx, ls)
}

// endVisit makes the booking and its case done.
func endVisit(
	ctx context.Context, tx *sql.Tx, b stored, r presage.WorkshopResult, evs []presage.CaseEvent,
) (givenBack, error) {
	back := givenBack{Booking: b.State, Depot: b.DepotID, UpdatedAt: b.UpdatedAt}
	c, err := lockCase(ctx, tx, b.CaseID)
	if err != nil {
		return back, err
	}
	if err := redeemAt(ctx, tx, r, c.ID, b.Start); err != nil {
		return back, err
	}
	if c.State.CanBecome(presage.CaseDone) {
		back.Case, back.DueAt, back.Owner = c.State, c.DueAt, c.Owner
		if len(evs) == 0 {
			evs = []presage.CaseEvent{{
				At: r.At, Who: presage.OwnerWorkshop, To: presage.CaseDone, Reason: presage.Because(presage.WhyRecorded),
			}}
		}
		if err := applyEvents(ctx, tx, c.ID, evs); err != nil {
			return back, err
		}
	}
	if back.Others, err = cancelOthers(ctx, tx, b, r.At); err != nil {
		return back, err
	}
	if back.Kept, err = keptFor(ctx, tx, b.ID); err != nil {
		return back, err
	}
	return back, errors.Join(
		release(ctx, tx, b.ID),
		tellResult(ctx, tx, r, b.Booking, ""), noteFix(ctx, tx, r, b.Booking),
		setBookingState(ctx, tx, b.ID, presage.BookingDone, r.At),
		addStep(ctx, tx, b.ID, presage.RepairStep{Stage: presage.RepairDone, At: r.At, Who: r.Who}),
	)
}

// cancelOthers ends the visits that were booked instead of the one that took place,
// and returns them as they were.
func cancelOthers(ctx context.Context, tx *sql.Tx, b stored, at time.Time) ([]otherVisit, error) {
	others, err := all(ctx, tx, scanBooking, `SELECT `+bookingColumns+` FROM bookings
		WHERE case_id = $1 AND id <> $2 AND state IN ('confirmed', 'arrived')`, b.CaseID, b.ID)
	if err != nil {
		return nil, err
	}
	var were []otherVisit
	for _, o := range others {
		kept, err := keptFor(ctx, tx, o.ID)
		if err != nil {
			return nil, err
		}
		were = append(were, otherVisit{ID: o.ID, State: o.State, Kept: kept})
	}
	return were, cancelAll(ctx, tx, others, at)
}

// cancelAll ends visits that do not take place any more.
func cancelAll(ctx context.Context, tx *sql.Tx, visits []stored, at time.Time) error {
	for _, b := range visits {
		err := errors.Join(
			release(ctx, tx, b.ID),
			setBookingState(ctx, tx, b.ID, presage.BookingCancelled, at),
			tellState(ctx, tx, b.Booking, presage.BookingCancelled, told{who: presage.OwnerWorkshop, at: at}),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// unplanned moves the cases that the events name and gives back what an
// ended case had booked; it returns the depot of the vehicle's workshop.
func unplanned(ctx context.Context, tx *sql.Tx, r presage.WorkshopResult, evs []presage.CaseEvent) (string, error) {
	if err := applyEvents(ctx, tx, "", evs); err != nil {
		return "", err
	}
	over, err := all(ctx, tx, scanBooking, `SELECT `+bookingColumns+` FROM bookings
		WHERE vin = $1 AND state IN ('confirmed', 'arrived') AND case_id IN (SELECT id FROM cases
			WHERE state NOT IN ('open', 'offered', 'booked', 'arrived', 'escalated'))`, r.VIN)
	if err != nil {
		return "", err
	}
	if err := errors.Join(cancelAll(ctx, tx, over, r.At), tellResult(ctx, tx, r, presage.Booking{}, "")); err != nil {
		return "", err
	}
	return depotOf(ctx, tx, r.VIN)
}

// applyEvents moves cases by events; an empty CaseID stands for caseID.
func applyEvents(ctx context.Context, tx *sql.Tx, caseID string, evs []presage.CaseEvent) error {
	for _, ev := range evs {
		if ev.CaseID == "" {
			ev.CaseID = caseID
		}
		if err := moveCase(ctx, tx, presage.CaseChange{}, ev); err != nil {
			return err
		}
	}
	return nil
}

// partUseAdd counts pieces as used on a day, on top of what was counted before.
const partUseAdd = `INSERT INTO part_use (depot_id, part, day, quantity) VALUES ($1, $2, $3, $4)
	ON CONFLICT (depot_id, part, day) DO UPDATE SET quantity = part_use.quantity + excluded.quantity`

// consume takes the parts used off the shelf of depot and counts them as use
// of the day; it returns what it took. A shelf that should have been empty stays empty.
func consume(ctx context.Context, tx *sql.Tx, depot string, r presage.WorkshopResult) ([]presage.Stock, error) {
	if depot == "" {
		return nil, nil
	}
	var taken []presage.Stock
	var moves []presage.StockMovement
	used := totals(r.PartsUsed)
	for _, p := range used {
		onHand, err := lockShelf(ctx, tx, depot, p.Part)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n := min(onHand, p.Quantity); n > 0 {
			taken = append(taken, presage.Stock{DepotID: depot, Part: p.Part, OnHand: n})
			moves = append(moves, usedBy(r, depot, p.Part, presage.MoveUse, -n))
		}
	}
	if _, err := shelve(ctx, tx, moves, "", recorded(r)); err != nil {
		return nil, err
	}
	return taken, each(ctx, tx, partUseAdd, used, func(p presage.PartQuantity) ([]any, error) {
		return []any{depot, p.Part, int64(presage.DayOf(r.At)), p.Quantity}, nil
	})
}

// usedBy is the movement of a result's part.
func usedBy(r presage.WorkshopResult, depot, part string, kind presage.MovementKind, pieces int) presage.StockMovement {
	return presage.StockMovement{
		DepotID: depot, Part: part, Kind: kind, Pieces: pieces, At: r.At, Ref: r.BookingID, By: r.Who,
	}
}

// recorded is when a result was stored.
func recorded(r presage.WorkshopResult) time.Time {
	if r.StoredAt.IsZero() {
		return r.At
	}
	return r.StoredAt
}
