package talk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// WroteClearly ends the doubt whether a customer wants messages: they wrote something clear.
// What they wrote before still waits for its person.
func (s *Switchboard) WroteClearly(ctx context.Context, customerID string) error {
	err := s.change(ctx, customerID, func(c *presage.Conversation) (bool, error) {
		held := !c.HeldSince.IsZero()
		c.HeldSince = time.Time{}
		return held, nil
	})
	if err != nil {
		return fmt.Errorf("conversation with customer %s: %w", customerID, err)
	}
	return nil
}

// keepHold lets a hold stand until a person ends the conversation, whatever else comes
// of it meanwhile, and says so with every reason.
func keepHold(c *presage.Conversation) {
	switch {
	case c.HeldSince.IsZero():
	case c.State == presage.ConversationClosed:
		c.HeldSince = time.Time{}
	case !mayStop(c.Reason):
		c.Reason = c.Reason.With(presage.Because(presage.WhyMayStop))
	}
}

// mayStop tells that a text may be an opt-out.
func mayStop(why presage.Reason) bool {
	says := func(r presage.Reason) bool { return r.Code == presage.WhyMayStop }
	return says(why) || slices.ContainsFunc(why.And, says)
}
