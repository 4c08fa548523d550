package talk

import (
	"context"
	"errors"
	"fmt"

	"presage"
)

// sweepBatch is how many conversations one pass looks at.
const sweepBatch = 500

// Wake lets wait again what was put off until now, and what a person answered when the
// answer did not go out; what nobody answered in time goes to the manager. It returns
// how many it changed.
func (s *Switchboard) Wake(ctx context.Context) (int, error) {
	due, err := s.Store.Conversations(ctx, presage.ConversationFilter{
		State: presage.ConversationSnoozed, DueBy: s.Now(), Limit: sweepBatch,
	})
	if err != nil {
		return 0, fmt.Errorf("wake conversations: %w", err)
	}
	n := 0
	var faults []error
	for _, c := range due {
		err := s.change(ctx, c.CustomerID, func(c *presage.Conversation) (bool, error) {
			if c.State != presage.ConversationSnoozed || c.Until.After(s.Now()) {
				return false, nil
			}
			n++
			return true, s.open(ctx, c, s.Now(), presage.Because(presage.WhyPutOffOver))
		})
		faults = append(faults, err)
	}
	late, err := s.escalate(ctx)
	n, faults = n+late, append(faults, err)
	lost, err := s.Store.LostAnswers(ctx)
	faults = append(faults, err)
	for _, id := range lost {
		err := s.change(ctx, id, func(c *presage.Conversation) (bool, error) {
			if c.State != presage.ConversationClosed {
				return false, nil
			}
			n++
			return true, s.open(ctx, c, s.Now(), presage.Because(presage.WhyAnswerLost))
		})
		faults = append(faults, err)
	}
	return n, errors.Join(faults...)
}

// escalate gives to the manager what nobody answered in time. It stays overdue.
func (s *Switchboard) escalate(ctx context.Context) (int, error) {
	late, err := s.Store.Conversations(ctx, presage.ConversationFilter{
		State: presage.ConversationOpen, DueBy: s.Now(), Limit: sweepBatch,
	})
	if err != nil {
		return 0, fmt.Errorf("late conversations: %w", err)
	}
	n := 0
	var faults []error
	for _, x := range late {
		if x.Owner == presage.OwnerManager {
			continue
		}
		err := s.change(ctx, x.CustomerID, func(c *presage.Conversation) (bool, error) {
			if c.State != presage.ConversationOpen || c.DueAt.After(s.Now()) || c.Owner == presage.OwnerManager {
				return false, nil
			}
			n++
			c.Reason = c.Reason.With(presage.Because(presage.WhyAnswerLate))
			c.Owner = presage.OwnerManager
			return true, nil
		})
		faults = append(faults, err)
	}
	return n, errors.Join(faults...)
}
