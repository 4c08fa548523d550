package converse

import (
	"context"
	"fmt"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/visit"
)

// DeclineByToken ends the offer by the customer's wish. A booked visit is
// cancelled first. A safety-critical case goes to an adviser instead of ending.
// Declining twice is no error. ErrConflict when there is nothing to decline.
func (l *Listener) DeclineByToken(ctx context.Context, token, why string) error {
	f, err := l.Files.ByToken(ctx, token)
	if err != nil {
		return err
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
	if err := l.giveUp(ctx, f, next, reason); err != nil {
		return err
	}
	if f.Offer.ID == "" {
		return nil
	}
	if err := l.Store.AnswerOffer(ctx, f.Offer.ID, now, "declined"); err != nil {
		return fmt.Errorf("decline: %w", err)
	}
	return nil
}

// giveUp moves a declined case to next and frees the visit that was booked for it.
func (l *Listener) giveUp(ctx context.Context, f visit.CaseFile, next presage.CaseState, reason presage.Reason,
) error {
	note := casework.Note{Who: casework.ByCustomer, Why: reason}
	switch {
	case f.Booking != nil:
		return l.Desk.Cancel(ctx, f, next, note)
	case f.Case.State == presage.CaseEscalated && next == presage.CaseEscalated:
		return nil // a person has it already
	case next == presage.CaseEscalated:
		return l.Ledger.Escalate(ctx, f.Case, note)
	}
	return l.Ledger.Move(ctx, f.Case, next, presage.CaseChange{Owner: presage.OwnerOutreach}, note)
}
