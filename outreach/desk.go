package outreach

import (
	"context"
	"errors"
	"fmt"

	"presage"
)

// BookCase is Desk.BookCase, noted on the conversation about the case too: with whom a
// person has agreed on a visit does not wait for an answer in the queue. Booking the same
// time again because this second part failed does it then.
func (s *Service) BookCase(ctx context.Context, caseID, slotID, via, who string) (presage.Booking, error) {
	return s.BookWish(ctx, presage.Wish{CaseID: caseID, SlotID: slotID, Via: via, Who: who})
}

// BookWish is Desk.BookWish in the same way, where the wish names the case.
func (s *Service) BookWish(ctx context.Context, w presage.Wish) (presage.Booking, error) {
	b, err := s.appointments.BookWish(ctx, w)
	if err != nil || w.Token != "" {
		return b, err
	}
	if err := s.Booked(ctx, b, w.Who); err != nil {
		return b, fmt.Errorf("book case %s: %w", w.CaseID, err)
	}
	return b, nil
}

// Act is Adviser.Act, noted on the conversation with the customer too: whom an adviser
// has called about a case does not wait for an answer in the queue. An action that is
// repeated because this second part failed is noted once more, and harms nothing.
func (s *Service) Act(ctx context.Context, x presage.CaseAction) (presage.Case, error) {
	c, err := s.Adviser.Act(ctx, x)
	if err != nil {
		return c, err
	}
	if err := s.Acted(ctx, c, x); err != nil && !errors.Is(err, presage.ErrNotFound) {
		return c, fmt.Errorf("act on case %s: %w", x.CaseID, err)
	}
	return c, nil
}
