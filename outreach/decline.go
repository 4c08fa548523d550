package outreach

import (
	"context"
	"errors"
	"fmt"

	"presage"
)

// DeclineByToken ends the offer by the customer's wish. A booked visit is
// cancelled first. A safety-critical case goes to an adviser instead of ending.
// Declining twice is no error. ErrConflict when there is nothing to decline.
func (s *Service) DeclineByToken(ctx context.Context, token, why string) error {
	d, err := s.byToken(ctx, token)
	if err != nil {
		return err
	}
	return s.decline(ctx, d, why)
}

func (s *Service) decline(ctx context.Context, d dossier, why string) error {
	now := s.now()
	switch d.state(now) {
	case OfferDeclined:
		return nil
	case OfferOpen, OfferBooked:
	default:
		return fmt.Errorf("decline: %w: this offer is closed", presage.ErrConflict)
	}
	reason := "declined by the customer"
	if why != "" {
		reason += ": " + clip(why)
	}
	next := presage.CaseDeclined
	if d.c.Severity == presage.Safety {
		next = presage.CaseEscalated
		reason += "; safety: an adviser calls"
	}
	if err := s.giveUp(ctx, d, next, reason); err != nil {
		return err
	}
	if d.offer.ID == "" {
		return nil
	}
	if err := s.store.AnswerOffer(ctx, d.offer.ID, now, "declined"); err != nil {
		return fmt.Errorf("decline: %w", err)
	}
	return nil
}

// giveUp moves a declined case to next and frees the visit that was booked for it.
func (s *Service) giveUp(ctx context.Context, d dossier, next presage.CaseState, reason string) error {
	switch {
	case d.booking != nil:
		return s.cancel(ctx, d, next, byCustomer, reason)
	case d.c.State == presage.CaseEscalated && next == presage.CaseEscalated:
		return nil // a person has it already
	case next == presage.CaseEscalated:
		return s.escalate(ctx, d.c, byCustomer, reason)
	}
	return s.move(ctx, d.c, next, CaseChange{Owner: OwnerOutreach}, note{byCustomer, reason})
}

// clip keeps a customer's words short enough for a history.
func clip(text string) string {
	if r := []rune(text); len(r) > 200 {
		return string(r[:200]) + "..."
	}
	return text
}

// StopByToken withdraws the consent to push and SMS. Offers that are out end,
// safety-critical ones go to an adviser; a booked visit stands. The page still
// opens. Who has sold the car may stop all the same.
func (s *Service) StopByToken(ctx context.Context, token string) error {
	d, err := s.byLink(ctx, token)
	if err != nil {
		return err
	}
	return s.stop(ctx, d.customer, "link STOP")
}

// stop withdraws consent first, so that nothing more goes out whatever happens next.
func (s *Service) stop(ctx context.Context, c presage.Customer, source string) error {
	consent := c.Consent
	consent.Push, consent.SMS = false, false
	consent.Stopped.Push, consent.Stopped.SMS = true, true
	consent.ChangedAt, consent.Source = s.now(), source
	if err := s.store.SetConsent(ctx, c.ID, consent); err != nil {
		return fmt.Errorf("stop messages to customer %s: %w", c.ID, err)
	}
	cases, err := s.store.CasesOf(ctx, c.ID, 50)
	if err != nil {
		return fmt.Errorf("stop messages to customer %s: %w", c.ID, err)
	}
	var faults []error
	for _, x := range cases {
		if x.State != presage.CaseOpen && x.State != presage.CaseOffered {
			continue
		}
		if err := s.silence(ctx, x, source); err != nil && !overtaken(err) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// silence ends a case that can be told to nobody any more; safety goes to a person.
func (s *Service) silence(ctx context.Context, c presage.Case, why string) error {
	if c.Severity == presage.Safety {
		return s.escalate(ctx, c, OwnerOutreach, why+"; safety: an adviser calls")
	}
	return s.move(ctx, c, presage.CaseSuppressed, CaseChange{}, note{OwnerOutreach, why})
}
