package outreach

import (
	"context"
	"errors"

	"presage"
	"presage/outreach/decide"
)

// Each pass begins with the newest policy that is stored, whichever process took
// it in. If it cannot be read the pass goes by the rules that were in force, and
// says so.

// Decide is Decider.Decide by the newest policy.
func (s *Service) Decide(ctx context.Context) (decide.Report, error) {
	stale := s.Rulebook.Refresh(ctx)
	rep, err := s.Decider.Decide(ctx)
	return rep, errors.Join(stale, err)
}

// DecideFor is Decider.DecideFor by the newest policy.
func (s *Service) DecideFor(ctx context.Context, vins []presage.VIN) (decide.Report, error) {
	stale := s.Rulebook.Refresh(ctx)
	rep, err := s.Decider.DecideFor(ctx, vins)
	return rep, errors.Join(stale, err)
}

// Raise is Watcher.Raise by the newest policy.
func (s *Service) Raise(ctx context.Context, a presage.Alert) error {
	return errors.Join(s.Rulebook.Refresh(ctx), s.Watcher.Raise(ctx, a))
}

// SendDue is Deliverer.SendDue by the newest policy.
func (s *Service) SendDue(ctx context.Context) (int, error) {
	stale := s.Rulebook.Refresh(ctx)
	n, err := s.Deliverer.SendDue(ctx)
	return n, errors.Join(stale, err)
}

// Sweep is Sweeper.Sweep by the newest policy.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	stale := s.Rulebook.Refresh(ctx)
	n, err := s.Sweeper.Sweep(ctx)
	return n, errors.Join(stale, err)
}
