package forecast_test

import (
	"context"
	"maps"
	"slices"

	"presage"
)

// weekBook keeps points and scores in memory.
type weekBook struct {
	points map[presage.Day][]presage.PlanPoint
	scores []presage.PlanScore
}

func (b *weekBook) PutPlanPoints(_ context.Context, day presage.Day, points []presage.PlanPoint) error {
	if b.points == nil {
		b.points = map[presage.Day][]presage.PlanPoint{}
	}
	b.points[day] = points
	return nil
}

func (b *weekBook) PlanWeeks(context.Context) ([]presage.Day, error) {
	return slices.Sorted(maps.Keys(b.points)), nil
}

func (b *weekBook) PlanPoints(_ context.Context, day presage.Day, _ string) ([]presage.PlanPoint, error) {
	return b.points[day], nil
}

func (b *weekBook) PutPlanScores(_ context.Context, scores []presage.PlanScore) error {
	b.scores = append(b.scores, scores...)
	return nil
}

func (b *weekBook) PlanScores(context.Context, presage.Day, string) ([]presage.PlanScore, error) {
	return b.scores, nil
}
