package converse

import (
	"context"
	"fmt"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/visit"
)

// DeclineByToken ends the offer by the customer's wish. A booked visit is
// cancelled with it. A safety-critical case goes to an adviser instead of ending.
// Declining twice is no error. ErrConflict when there is nothing to decline.
func (l *Listener) DeclineByToken(ctx context.Context, token, why string) error {
	return l.DeclineSeen(ctx, token, why, nil)
}

// DeclineSeen does the same in view of a visit, its booking ID, "" for none:
// ErrStale with ErrConflict when another one, or none, is booked by now.
func (l *Listener) DeclineSeen(ctx context.Context, token, why string, seen *string) error {
	f, err := l.Files.ByToken(ctx, token)
	if err != nil {
		return err
	}
	if err := l.Files.Acted(ctx, f); err != nil {
		return err
	}
	if err := f.Unchanged(seen); err != nil {
		return fmt.Errorf("decline: %w", err)
	}
	return l.decline(ctx, f, why)
}

func (l *Listener) decline(ctx context.Context, f visit.CaseFile, why string) error {
	now := l.Now()
	switch f.State(now) {
	case presage.OfferDeclined:
		return nil
	case presage.OfferOpen, presage.OfferBooked:
	default:
		return fmt.Errorf("decline: %w: this offer is closed", presage.ErrConflict)
	}
	reason := presage.Because(presage.WhyDeclined)
	if why != "" {
		reason = presage.Because(presage.WhyDeclined, "text", casework.Clip(why))
	}
	next := presage.CaseDeclined
	if f.Case.Severity == presage.Safety {
		next, reason = presage.CaseEscalated, reason.With(presage.Because(presage.WhyCall))
	}
	if err := l.Desk.Decline(ctx, f, next, casework.Note{Who: casework.ByCustomer, Why: reason}); err != nil {
		return fmt.Errorf("decline: %w", err)
	}
	return nil
}
