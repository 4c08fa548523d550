package talk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"presage"
	"presage/outreach/casework"
)

// ActOnTalk does what a person wishes with a conversation and returns it as it is then.
// ErrInvalid names every fault of the action, ErrConflict says why the conversation is
// not one for it, ErrNotFound: no person was ever needed there.
func (s *Switchboard) ActOnTalk(ctx context.Context, a presage.TalkAction) (presage.Conversation, error) {
	a.Who, a.Owner, a.Note = strings.TrimSpace(a.Who), strings.TrimSpace(a.Owner), strings.TrimSpace(a.Note)
	if err := a.Validate(s.Now()); err != nil {
		return presage.Conversation{}, fmt.Errorf("conversation with customer %s: %w", a.CustomerID, err)
	}
	was, err := s.Store.Conversation(ctx, a.CustomerID)
	if err != nil {
		return presage.Conversation{}, err
	}
	err = s.change(ctx, a.CustomerID, func(c *presage.Conversation) (bool, error) { return true, s.act(ctx, c, a) })
	if err != nil {
		return presage.Conversation{}, fmt.Errorf("conversation with customer %s: %s: %w", a.CustomerID, a.Kind, err)
	}
	if err := s.behind(ctx, was, a); err != nil && !casework.Overtaken(err) {
		return presage.Conversation{}, fmt.Errorf("case behind the conversation with customer %s: %w", a.CustomerID, err)
	}
	return s.Store.Conversation(ctx, a.CustomerID)
}

func (s *Switchboard) act(ctx context.Context, c *presage.Conversation, a presage.TalkAction) error {
	closed := c.State == presage.ConversationClosed
	switch {
	case closed && a.Kind != presage.TalkReopen && a.Kind != presage.TalkAssign:
		return presage.Refuse(fmt.Errorf("%w: it is closed: reopen it first", presage.ErrConflict),
			presage.WhyTalkClosed)
	case !closed && a.Kind == presage.TalkReopen && c.State == presage.ConversationOpen:
		return presage.Refuse(fmt.Errorf("%w: it is open already", presage.ErrConflict), presage.WhyTalkOpen)
	}
	switch a.Kind {
	case presage.TalkAssign:
		c.Owner, c.Assigned = a.Owner, presage.Reason{}
	case presage.TalkSnooze:
		c.State, c.Until = presage.ConversationSnoozed, a.Until
		c.Reason = s.because(a, presage.WhySnoozed, "until", a.Until.UTC().Format(time.RFC3339))
	case presage.TalkClose:
		s.end(c, s.because(a, presage.WhyClosed))
	case presage.TalkReopen:
		return s.open(ctx, c, s.Now(), s.because(a, presage.WhyReopened))
	}
	return nil
}

// because is a reason with the person's words, where there are any.
func (s *Switchboard) because(a presage.TalkAction, code string, pairs ...string) presage.Reason {
	if a.Note != "" {
		pairs = append(pairs, "text", casework.Clip(a.Note))
	}
	return presage.Because(code, pairs...)
}
