package visit

import (
	"context"
	"fmt"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/internal/wording"
)

// CancelByToken gives the visit back; the offer stays open for another time.
// ErrNotFound when nothing is booked, ErrConflict once the visit has begun.
func (d *Desk) CancelByToken(ctx context.Context, token string) error {
	f, err := d.Files.ByToken(ctx, token)
	if err != nil {
		return err
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
		return fmt.Errorf("cancel booking %s: %w: it is not live", bookingID, presage.ErrConflict)
	}
	reason := presage.Because(presage.WhyCancelled)
	if why != "" {
		reason = presage.Because(presage.WhyCancelled, "text", casework.Clip(why))
	}
	return d.Cancel(ctx, f, presage.CaseOffered, casework.Note{Who: who, Why: reason})
}

// Cancel frees the visit of a file and moves its case to next.
func (d *Desk) Cancel(ctx context.Context, f CaseFile, next presage.CaseState, n casework.Note) error {
	now := d.Now()
	if f.Booking == nil {
		return fmt.Errorf("cancel: booking %w", presage.ErrNotFound)
	}
	if f.Booking.State != presage.BookingConfirmed || !now.Before(f.Booking.Start) {
		return fmt.Errorf("cancel: %w: the visit has begun", presage.ErrConflict)
	}
	var ms []presage.Message
	if route := d.Planner.Route(f.Customer); len(route) > 0 {
		facts := f.Facts(d.Planner.Sender)
		facts.Start = f.Booking.Start
		m, err := d.Planner.Message(wording.Cancellation, facts, contact.Draft{
			About: f.Booking.ID, Case: f.Case, OfferID: f.Offer.ID, Customer: f.Customer, Channel: route[0],
			At: d.Planner.AnswerAt(n.Who, f.Customer),
		})
		if err != nil {
			return err
		}
		ms = append(ms, m)
	}
	ev := presage.CaseEvent{CaseID: f.Case.ID, At: now, Who: n.Who, From: f.Case.State, To: next, Reason: n.Why}
	if err := d.Store.CancelBooking(ctx, f.Booking.ID, now, ev, next, ms); err != nil {
		return fmt.Errorf("cancel: %w", err)
	}
	change := presage.CaseChange{Owner: presage.OwnerOutreach, DueAt: now.Add(d.Rules.OfferTTL)}
	switch {
	case next.Ended():
		return nil
	case next == presage.CaseEscalated:
		change = presage.CaseChange{Owner: presage.OwnerAdviser, DueAt: now.Add(casework.CallWithin(f.Case.Severity))}
	}
	return d.Store.ChangeCase(ctx, f.Case.ID, change, now)
}
