package sqlstore_test

import (
	"testing"

	"presage"
	"presage/internal/sqlstore"
)

// Versions count up, stay as they were, and are put by who looked at the newest.
func planningParameters(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	none, err := s.PlanningParameters(ctx, 0)
	must(t, err)
	same(t, "before the first", none, presage.PlanningParameters{Rules: []presage.PlanningRule{}})
	first := presage.PlanningParameters{
		Rules:  []presage.PlanningRule{{Part: "PAD", ServiceLevel: .97, Min: 2}, {Class: "CZ", Max: 4}},
		Floors: map[presage.Severity]float64{presage.Safety: .98}, PutAt: noon(), By: "Zhao Min", Note: "Winter",
	}
	kept, err := s.PutPlanningParameters(ctx, first)
	must(t, err)
	first.Version = 1
	same(t, "kept", kept, first)
	second, err := s.PutPlanningParameters(ctx, presage.PlanningParameters{
		Version: 1, Rules: []presage.PlanningRule{}, PutAt: noon(), By: "Li Na",
	})
	must(t, err)
	newest, err := s.PlanningParameters(ctx, 0)
	must(t, err)
	same(t, "in force", newest, second)
	old, err := s.PlanningParameters(ctx, 1)
	must(t, err)
	same(t, "the first", old, first)
	_, err = s.PlanningParameters(ctx, 3)
	wantKind(t, err, presage.ErrNotFound)
	_, err = s.PutPlanningParameters(ctx, first)
	wantKind(t, err, presage.ErrConflict)
}
