package outreach

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/policy"
)

// join takes an alert into the case that its vehicle has.
func (s *Service) join(ctx context.Context, c presage.Case, a presage.Alert) error {
	if c.ID == caseOf(a) { // its own: a crash may have come between the case and its offer
		if c.State == presage.CaseOpen {
			return s.offerNow(ctx, c)
		}
		return nil
	}
	change, news := s.widened(c, a)
	ev := presage.CaseEvent{CaseID: c.ID, At: s.now(), Who: byWatch, Why: whyRaised(a)}
	if c.State == presage.CaseOffered && news {
		return s.offerAnew(ctx, c, change, ev)
	}
	if err := s.store.AmendCase(ctx, c.ID, change, ev); err != nil {
		return fmt.Errorf("alert %s: %w", a.Rule, err)
	}
	if c.State == presage.CaseOpen {
		return s.offerNow(ctx, c)
	}
	return nil
}

// widened is what an alert changes of a case; news tells whether it says more
// than the customer has heard.
func (s *Service) widened(c presage.Case, a presage.Alert) (change CaseChange, news bool) {
	if !slices.Contains(c.Components, a.Component) {
		change.Components, news = append([]presage.ComponentID{a.Component}, c.Components...), true
	}
	if policy.Graver(a.Severity, c.Severity) {
		change.Severity, news = a.Severity, true
	}
	due := s.now().Add(callWithin(a.Severity))
	switch {
	case c.State == presage.CaseEscalated && due.Before(c.DueAt):
		change.DueAt = due
	case c.State == presage.CaseBooked && a.Severity == presage.Safety:
		change.Owner = OwnerAdviser // is the visit soon enough?
	}
	return change, news
}

// offerAnew withdraws the offer that is out and makes another about all components.
func (s *Service) offerAnew(ctx context.Context, c presage.Case, change CaseChange, ev presage.CaseEvent) error {
	offers, err := s.store.OffersOf(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("offers of case %s: %w", c.ID, err)
	}
	for _, o := range offers {
		if o.Answer != "" {
			continue
		}
		if err := s.store.AnswerOffer(ctx, o.ID, s.now(), "replaced"); err != nil {
			return fmt.Errorf("replace offer: %w", err)
		}
	}
	ev.From, ev.To = presage.CaseOffered, presage.CaseOpen
	if err := s.store.MoveCase(ctx, c.ID, change, ev); err != nil {
		return fmt.Errorf("case %s: %w", c.ID, err)
	}
	return s.offerNow(ctx, c)
}

// offerNow makes the offer of a case that is open, as it stands in the store.
func (s *Service) offerNow(ctx context.Context, c presage.Case) error {
	c, err := s.store.Case(ctx, c.ID)
	if err != nil {
		return err
	}
	ps, err := s.store.Prognoses(ctx, c.VIN)
	if err != nil {
		return err
	}
	return s.offerAgain(ctx, c, ps, &DecideReport{})
}

// Clear acts on an alert whose condition is over. A case that an alert opened
// and that nothing else keeps ends, unless the customer has booked: its
// messages are not sent any more. Any other case only notes it. Calling it
// again changes nothing.
func (s *Service) Clear(ctx context.Context, a presage.Alert) error {
	return s.contend(func() error {
		c, live, err := s.liveCase(ctx, a.VIN)
		if err != nil || !live || !slices.Contains(c.Components, a.Component) {
			return err
		}
		kept, err := s.kept(ctx, c, a)
		if err != nil {
			return err
		}
		if kept {
			ev := presage.CaseEvent{CaseID: c.ID, At: s.now(), Who: byWatch, Why: whyCleared(a)}
			return s.store.AmendCase(ctx, c.ID, CaseChange{}, ev)
		}
		return s.move(ctx, c, presage.CaseResolvedElsewhere, CaseChange{}, note{byWatch, whyCleared(a)})
	})
}

// kept tells whether a case goes on although an alert is over.
func (s *Service) kept(ctx context.Context, c presage.Case, a presage.Alert) (bool, error) {
	var d watchDecision
	if err := json.Unmarshal(c.Decision, &d); err != nil || d.Policy != WatchPolicy {
		return true, nil //nolint:nilerr // a record of the policy's, or none: not opened by an alert
	}
	if c.State == presage.CaseBooked || c.State == presage.CaseArrived {
		return true, nil
	}
	alerts, err := s.alertsOf(ctx, c.VIN)
	if err != nil {
		return true, err
	}
	for _, other := range about(c, alerts) {
		if other.ID != a.ID {
			return true, nil
		}
	}
	ps, err := s.store.Prognoses(ctx, c.VIN)
	if err != nil {
		return true, err
	}
	return slices.ContainsFunc(due(ps), func(p presage.Prognosis) bool {
		return slices.Contains(c.Components, p.Component)
	}), nil
}
