package web

import (
	"context"

	"presage"
)

// found is what the customer is told about: the case's components with their
// newest prognoses. A component without one is still named and explained.
func (s *Site) found(ctx context.Context, c presage.Case) ([]componentCard, error) {
	prognoses, err := s.Health.Prognoses(ctx, c.VIN)
	if err != nil {
		return nil, err
	}
	byID := make(map[presage.ComponentID]presage.Prognosis, len(prognoses))
	for _, p := range prognoses {
		byID[p.Component] = p
	}
	cards := make([]componentCard, 0, len(c.Components))
	for _, id := range c.Components {
		p, ok := byID[id]
		if !ok {
			p = presage.Prognosis{VIN: c.VIN, Component: id, Status: presage.StatusDue}
		}
		cards = append(cards, s.card(p))
	}
	return cards, nil
}
