package outreach

import (
	"context"
	"errors"
	"fmt"

	"presage"
)

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
