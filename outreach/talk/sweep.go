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
	off, err := s.overdue(ctx, presage.ConversationSnoozed)
	if err != nil {
		return 0, err
	}
	woken, errWoken := s.each(ctx, off, s.wake)
	late, errLate := s.overdue(ctx, presage.ConversationOpen)
	escalated, errEscalated := s.each(ctx, late, s.escalate)
	lost, errLost := s.Store.LostAnswers(ctx)
	reopened, errReopened := s.each(ctx, lost, s.answerLost)
	assigned, errAssigned := s.Assign(ctx)
	return woken + escalated + reopened + assigned,
		errors.Join(errWoken, errLate, errEscalated, errLost, errReopened, errAssigned)
}

// overdue lists the customers whose conversation is in a state and due.
func (s *Switchboard) overdue(ctx context.Context, state presage.ConversationState) ([]string, error) {
	due, err := s.Store.Conversations(ctx, presage.ConversationFilter{State: state, DueBy: s.Now(), Limit: sweepBatch})
	if err != nil {
		return nil, fmt.Errorf("conversations that are due: %w", err)
	}
	ids := make([]string, len(due))
	for i, c := range due {
		ids[i] = c.CustomerID
	}
	return ids, nil
}

// each edits the conversations with some customers and counts those that it changed.
// What it was listed for may be over by then: edit looks again.
func (s *Switchboard) each(
	ctx context.Context, customers []string, edit func(context.Context, *presage.Conversation) (bool, error),
) (int, error) {
	n := 0
	var faults []error
	for _, id := range customers {
		did := false
		err := s.change(ctx, id, func(c *presage.Conversation) (_ bool, err error) {
			did, err = edit(ctx, c)
			return did, err
		})
		if did && err == nil {
			n++
		}
		faults = append(faults, err)
	}
	return n, errors.Join(faults...)
}

func (s *Switchboard) wake(ctx context.Context, c *presage.Conversation) (bool, error) {
	if c.State != presage.ConversationSnoozed || c.Until.After(s.Now()) {
		return false, nil
	}
	return true, s.open(ctx, c, s.Now(), presage.Because(presage.WhyPutOffOver))
}

// escalate gives to the manager what nobody answered in time. It stays overdue.
func (s *Switchboard) escalate(_ context.Context, c *presage.Conversation) (bool, error) {
	if c.State != presage.ConversationOpen || c.DueAt.After(s.Now()) || c.Owner == presage.OwnerManager {
		return false, nil
	}
	c.Reason = c.Reason.With(presage.Because(presage.WhyAnswerLate))
	c.Owner = presage.OwnerManager
	return true, nil
}

func (s *Switchboard) answerLost(ctx context.Context, c *presage.Conversation) (bool, error) {
	if c.State != presage.ConversationClosed {
		return false, nil
	}
	return true, s.open(ctx, c, s.Now(), presage.Because(presage.WhyAnswerLost))
}
