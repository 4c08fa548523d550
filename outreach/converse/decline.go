package converse

import (
	"context"
	"errors"
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

// StopByToken withdraws the consent to push and SMS. Offers that are out end,
// safety-critical ones go to an adviser; a booked visit stands. The page still
// opens. Who has sold the car may stop all the same.
func (l *Listener) StopByToken(ctx context.Context, token string) error {
	f, err := l.Files.ByLink(ctx, token)
	if err != nil {
		return err
	}
	return l.stop(ctx, f.Customer, "link STOP")
}

// stop withdraws consent first, so that nothing more goes out whatever happens next.
func (l *Listener) stop(ctx context.Context, c presage.Customer, source string) error {
	consent := c.Consent
	consent.Push, consent.SMS = false, false
	consent.Stopped.Push, consent.Stopped.SMS = true, true
	consent.ChangedAt, consent.Source = l.Now(), source
	if err := l.Store.SetConsent(ctx, c.ID, consent); err != nil {
		return fmt.Errorf("stop messages to customer %s: %w", c.ID, err)
	}
	cases, err := l.Store.CasesOf(ctx, c.ID, 50)
	if err != nil {
		return fmt.Errorf("stop messages to customer %s: %w", c.ID, err)
	}
	var faults []error
	for _, x := range cases {
		if x.State != presage.CaseOpen && x.State != presage.CaseOffered {
			continue
		}
		if err := l.Ledger.Silence(ctx, x, presage.Because(presage.WhyStopped, "source", source)); err != nil && !casework.Overtaken(err) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
