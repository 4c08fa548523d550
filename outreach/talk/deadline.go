package talk

import (
	"context"
	"errors"
	"time"

	"presage"
)

// due is when a text that came at Since has to be answered: within a time, or, where
// nothing presses, within working days.
func (s *Switchboard) due(ctx context.Context, c presage.Conversation, customer presage.Customer) (time.Time, error) {
	r := s.Rules()
	switch c.Severity {
	case presage.Safety:
		return c.Since.Add(r.AnswerSafety), nil
	case presage.Mobility:
		return c.Since.Add(r.AnswerMobility), nil
	default:
	}
	w := presage.Workshop{Zone: customer.Zone}
	if c.WorkshopID != "" {
		found, err := s.Store.Workshop(ctx, c.WorkshopID)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return time.Time{}, err
		}
		if err == nil {
			w = found
		}
	}
	return s.Planner.WorkingDays(w, c.Since, r.AnswerComfortDays), nil
}
