package apitest

import (
	"context"
	"fmt"
	"sync"

	"presage"
)

// ParameterStore implements forecast.ParameterStore.
type ParameterStore struct {
	World *World

	mu   sync.Mutex
	kept []presage.PlanningParameters
}

// Depots are those of the world.
func (s *ParameterStore) Depots(ctx context.Context) ([]presage.Depot, error) {
	return s.World.Depots(ctx)
}

// PlanningParameters finds a version.
func (s *ParameterStore) PlanningParameters(_ context.Context, version int64) (presage.PlanningParameters, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch n := int64(len(s.kept)); {
	case version > n:
		return presage.PlanningParameters{}, fmt.Errorf("version %d: %w", version, presage.ErrNotFound)
	case n == 0:
		return presage.PlanningParameters{}, nil
	case version == 0:
		return s.kept[n-1], nil
	}
	return s.kept[version-1], nil
}

// PutPlanningParameters keeps the next version.
func (s *ParameterStore) PutPlanningParameters(_ context.Context, p presage.PlanningParameters,
) (presage.PlanningParameters, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Version != int64(len(s.kept)) {
		return p, fmt.Errorf("%w: version %d is in force", presage.ErrConflict, len(s.kept))
	}
	p.Version++
	s.kept = append(s.kept, p)
	return p, nil
}
