package visit

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
)

// CancelByToken gives the visit back; the offer stays open for another time.
// ErrNotFound when nothing is booked, ErrConflict once the visit has begun.
func (d *Desk) CancelByToken(ctx context.Context, token string) error {
	return d.CancelSeen(ctx, token, nil)
}

// CancelSeen does the same in view of a visit, its booking ID: ErrStale with
// ErrConflict when another one, or none, is booked by now.
func (d *Desk) CancelSeen(ctx context.Context, token string, seen *string) error {
	f, err := d.Files.ByToken(ctx, token)
	if err != nil {
		return err
	}
	if err := d.Files.Acted(ctx, f); err != nil {
		return err
	}
	if err := f.Unchanged(seen); err != nil {
		return fmt.Errorf("cancel: %w", err)
	}
	why := presage.Because(presage.WhyCancelled)
	return d.Cancel(ctx, f, presage.CaseOffered, casework.Note{Who: casework.ByCustomer, Why: why})
}

// CancelBooking does the same for an adviser.
func (d *Desk) CancelBooking(ctx context.Context, bookingID, who, why string) error {
	b, err := d.Store.Booking(ctx, bookingID)
	if err != nil {
		return err
	}
	f, err := d.Files.ByCase(ctx, b.CaseID)
	if err != nil {
		return err
	}
	if f.Booking == nil || f.Booking.ID != bookingID {
		return presage.Refuse(fmt.Errorf("cancel booking %s: %w: it is not live", bookingID, presage.ErrConflict),
			presage.WhyVisitGone)
	}
	reason := presage.Because(presage.WhyCancelled)
	if why != "" {
		reason = presage.Because(presage.WhyCancelled, "text", casework.Clip(why))
	}
	return d.Cancel(ctx, f, presage.CaseOffered, casework.Note{Who: who, Why: reason})
}

// Cancel frees the visit of a file and moves its case to next. A customer whom
// no message reaches is called about what others cancelled.
func (d *Desk) Cancel(ctx context.Context, f CaseFile, next presage.CaseState, n casework.Note) error {
	if f.Booking == nil {
		return fmt.Errorf("cancel: booking %w", presage.ErrNotFound)
	}
	next, n = d.afterCancel(f, next, n)
	return d.giveBack(ctx, f, next, n, "")
}

// afterCancel is the state that follows a cancellation, and its note.
func (d *Desk) afterCancel(f CaseFile, next presage.CaseState, n casework.Note) (presage.CaseState, casework.Note) {
	unreachable := len(d.Planner.Route(f.Customer.For(f.Case.Purpose()))) == 0
	if n.Who != casework.ByCustomer && next == presage.CaseOffered && unreachable {
		next, n.Why = presage.CaseEscalated, n.Why.With(presage.Because(presage.WhyCall))
	}
	return next, n
}

// Decline ends an offer by the customer's wish, and frees the visit that was
// booked for it; the offer counts as declined.
func (d *Desk) Decline(ctx context.Context, f CaseFile, next presage.CaseState, n casework.Note) error {
	return d.giveBack(ctx, f, next, n, "declined")
}

// Close ends a case for which nothing is left to do, and frees its visit.
func (d *Desk) Close(ctx context.Context, f CaseFile, n casework.Note) error {
	return d.giveBack(ctx, f, presage.CaseResolvedElsewhere, n, "")
}

// CloseRepaired is Close for what another workshop has done on a day: the part
// that the case is about counts as new since then, but neither as our repair nor
// as a failure that was missed.
func (d *Desk) CloseRepaired(ctx context.Context, f CaseFile, on time.Time, n casework.Note) error {
	c := presage.Cancellation{}
	if len(f.Case.Components) > 0 {
		c.Labels = []presage.Label{{
			VIN: f.Case.VIN, Component: f.Case.Components[0], At: on, Outcome: presage.OutcomeReplacedElsewhere, Replaced: true,
		}}
	}
	return d.release(ctx, f, presage.CaseResolvedElsewhere, n, c)
}

// giveBack frees the visit, moves the case and answers the offer in one transaction.
func (d *Desk) giveBack(ctx context.Context, f CaseFile, next presage.CaseState, n casework.Note, answer string) error {
	c := presage.Cancellation{}
	if answer != "" {
		c.OfferID, c.Answer = f.Offer.ID, answer
	}
	return d.release(ctx, f, next, n, c)
}

// release gives a visit or an offer back.
func (d *Desk) release(
	ctx context.Context, f CaseFile, next presage.CaseState, n casework.Note, c presage.Cancellation,
) error {
	c, err := d.releasing(f, next, n, c)
	if err != nil {
		return err
	}
	if err := d.Store.Cancel(ctx, c); err != nil {
		return fmt.Errorf("cancel: %w", err)
	}
	return nil
}

// releasing completes what is given back.
func (d *Desk) releasing(
	f CaseFile, next presage.CaseState, n casework.Note, c presage.Cancellation,
) (presage.Cancellation, error) {
	now := d.Now()
	c.Now = now
	c.Event = presage.CaseEvent{CaseID: f.Case.ID, At: now, Who: n.Who, From: f.Case.State, To: next, Reason: n.Why}
	c.Change = presage.CaseChange{Owner: presage.OwnerOutreach, DueAt: now.Add(d.Rules().OfferTTL)}
	if next == presage.CaseEscalated {
		c.Change = presage.CaseChange{Owner: presage.OwnerAdviser, DueAt: now.Add(d.Rules().CallWithin(f.Case.Severity))}
	}
	if next == f.Case.State { // a person has it already
		c.Event.To = ""
	}
	if f.Booking != nil {
		if f.Booking.State != presage.BookingConfirmed || !now.Before(f.Booking.Begins()) {
			return c, presage.Refuse(fmt.Errorf("cancel: %w: the visit has begun", presage.ErrConflict),
				presage.WhyVisitBegun)
		}
		c.BookingID = f.Booking.ID
		var err error
		if c.Messages, err = d.cancellation(f, next, n.Who); err != nil {
			return c, err
		}
	}
	return c, nil
}

// cancellation tells the customer, if any message can; another time is asked for only
// where something is left to do.
func (d *Desk) cancellation(f CaseFile, next presage.CaseState, who string) ([]presage.Message, error) {
	route := d.Planner.Route(f.Customer.For(f.Case.Purpose()))
	if len(route) == 0 {
		return nil, nil
	}
	facts := f.Facts(d.Planner.Sender(f.Vehicle))
	facts.Start = f.Booking.Start
	kind := wording.Cancellation
	if next == presage.CaseResolvedElsewhere {
		kind = wording.Needless
	}
	m, err := d.Planner.Message(kind, facts, contact.Draft{
		About: f.Booking.ID, Case: f.Case, OfferID: f.Offer.ID, Customer: f.Customer, Channel: route[0],
		At: d.Planner.AnswerAt(who, f.Customer),
	})
	return []presage.Message{m}, err
}
