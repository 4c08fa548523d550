package talk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"presage"
	"presage/outreach/casework"
)

// longestPutOff is how long a case puts off the conversation about it; a customer is
// not kept waiting longer than by the conversation itself.
const longestPutOff = 14 * 24 * time.Hour

// Acted notes on the conversation about a case what a person did with the case: who was
// spoken to or answered waits no longer, who was not reached waits for the next call.
// A conversation about another case, or none, is left alone; a share of the price
// that is let off answers nobody.
func (s *Switchboard) Acted(ctx context.Context, x presage.Case, a presage.CaseAction) error {
	if a.Kind == presage.ActionGoodwill {
		return nil
	}
	if _, err := s.Store.Conversation(ctx, x.CustomerID); errors.Is(err, presage.ErrNotFound) {
		return nil
	}
	next, err := s.nextCall(ctx, x, a)
	if err != nil {
		return err
	}
	a.Who, a.Note = strings.TrimSpace(a.Who), strings.TrimSpace(a.Note)
	err = s.change(ctx, x.CustomerID, func(c *presage.Conversation) (bool, error) {
		if c.State == presage.ConversationClosed || (c.CaseID != "" && c.CaseID != x.ID) {
			return false, nil
		}
		s.acted(c, a, next)
		return true, nil
	})
	if err != nil {
		return fmt.Errorf("conversation with customer %s: %w", x.CustomerID, err)
	}
	return nil
}

// Booked notes on the conversation about a case that a person has booked a visit for
// the customer: nothing waits for an answer any more. A conversation about another case
// is left alone.
func (s *Switchboard) Booked(ctx context.Context, b presage.Booking, who string) error {
	err := s.change(ctx, b.CustomerID, func(c *presage.Conversation) (bool, error) {
		if c.Version == 0 || c.State == presage.ConversationClosed || (c.CaseID != "" && c.CaseID != b.CaseID) {
			return false, nil
		}
		if c.Owner == "" || c.Owner == presage.OwnerManager {
			c.Owner = strings.TrimSpace(who)
		}
		s.end(c, presage.Because(presage.WhyBooked, "start", b.Start.UTC().Format(time.RFC3339), "via", b.Via))
		return true, nil
	})
	if err != nil {
		return fmt.Errorf("conversation with customer %s: %w", b.CustomerID, err)
	}
	return nil
}

func (s *Switchboard) acted(c *presage.Conversation, a presage.CaseAction, next time.Time) {
	if a.Kind == presage.ActionAssigned {
		c.Owner, c.Assigned = strings.TrimSpace(a.Owner), presage.Reason{}
		return
	}
	if c.Owner == "" || c.Owner == presage.OwnerManager {
		c.Owner = a.Who
	}
	why := presage.Because(whyOf(a.Kind))
	if a.Call != "" {
		why = presage.Because(presage.WhyCalled, "call", string(a.Call))
	}
	if a.Note != "" {
		why = why.Arg("text", note(a.Note))
	}
	switch {
	case !next.IsZero():
		if last := s.Now().Add(longestPutOff); next.After(last) {
			next = last
		}
		c.State, c.Until = presage.ConversationSnoozed, next
		c.Reason = why.Arg("until", next.UTC().Format(time.RFC3339))
	case a.Kind == presage.ActionCalled && a.Call != presage.CallReached:
		c.Reason = c.Reason.With(why) // the text still waits: another way is needed
	default:
		s.end(c, why)
	}
}

func whyOf(k presage.ActionKind) string {
	switch k {
	case presage.ActionCalled:
		return presage.WhyCalled
	case presage.ActionAnswered:
		return presage.WhyAnswered
	case presage.ActionSnoozed:
		return presage.WhySnoozed
	case presage.ActionDeclined:
		return presage.WhyDeclined
	case presage.ActionOfferedAgain:
		return presage.WhyOfferedAgain
	case presage.ActionRepaired:
		return presage.WhyRepaired
	case presage.ActionAssigned, presage.ActionGoodwill, presage.ActionClosed:
	}
	return presage.WhyClosed
}

// nextCall is when a person looks at it again: when they said, or when the call that
// follows a call in vain is due; zero for never.
func (s *Switchboard) nextCall(ctx context.Context, x presage.Case, a presage.CaseAction) (time.Time, error) {
	if !a.Until.IsZero() || a.Kind != presage.ActionCalled || a.Call == presage.CallReached {
		return a.Until, nil
	}
	ms, err := s.Store.Messages(ctx, presage.MessageFilter{CaseID: x.ID, Limit: threadTurns})
	if err != nil {
		return time.Time{}, err
	}
	for _, m := range ms {
		if m.Channel == presage.ChannelCall && m.State == presage.MessagePlanned && m.NotBefore.After(s.Now()) {
			return m.NotBefore, nil
		}
	}
	return time.Time{}, nil
}

// behind notes on the case behind a conversation what a person did with the
// conversation: one that was closed is settled, one that was given away is that
// person's too. Only what waits for a person is touched.
func (s *Switchboard) behind(ctx context.Context, c presage.Conversation, a presage.TalkAction) error {
	if c.CaseID == "" || (a.Kind != presage.TalkClose && a.Kind != presage.TalkAssign) {
		return nil
	}
	x, err := s.Store.Case(ctx, c.CaseID)
	if errors.Is(err, presage.ErrNotFound) || err == nil && x.State != presage.CaseEscalated {
		return nil
	}
	if err != nil {
		return err
	}
	if a.Kind == presage.TalkClose {
		return s.Cases.Settled(ctx, x.ID, a.Who, casework.Clip(a.Note))
	}
	if a.Owner == "" || a.Owner == x.Owner {
		return nil
	}
	_, err = s.Cases.Act(ctx, presage.CaseAction{
		CaseID: x.ID, Kind: presage.ActionAssigned, Who: a.Who, Owner: a.Owner, Note: casework.Clip(a.Note),
	})
	return err
}
