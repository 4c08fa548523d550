package forecast

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/forecast/month"
)

// week is what is kept of the week's first plan: nothing of the others.
type week struct {
	forecasts []presage.ArchivedForecast
	points    []presage.PlanPoint
}

// add takes in a part; without distributions to archive it is another plan of the week.
func (w *week) add(plan partPlan) {
	if len(plan.archived) == 0 {
		return
	}
	w.forecasts = append(w.forecasts, plan.archived...)
	for _, f := range plan.levels[0] {
		if f.forecast.Advice.ReplacedBy == "" {
			w.points = append(w.points, presage.PointOf(f.forecast))
		}
	}
}

// archive keeps the week's first forecasts until they can be scored, and what the plan said;
// and scores the weeks of which a horizon is over.
func (s *Service) archive(ctx context.Context, first week, now time.Time) (int, error) {
	if len(first.forecasts) == 0 {
		return 0, nil
	}
	today := presage.DayOf(now)
	if err := s.store.PutPlanPoints(ctx, today, first.points); err != nil {
		return 0, fmt.Errorf("keep what the plan says: %w", err)
	}
	if err := s.scoreWeeks(ctx, today); err != nil {
		return 0, err
	}
	if err := s.store.ArchiveForecasts(ctx, first.forecasts); err != nil { // last: it says that the week is done
		return 0, fmt.Errorf("archive the forecasts: %w", err)
	}
	s.learnt.archived = Monday(today)
	return len(first.forecasts), nil
}

// scoreWeeks scores each week at each horizon that is over, once.
func (s *Service) scoreWeeks(ctx context.Context, today presage.Day) error {
	weeks, err := s.store.PlanWeeks(ctx)
	if err != nil || len(weeks) == 0 {
		return err
	}
	known, err := s.store.PlanScores(ctx, weeks[0], "")
	if err != nil {
		return err
	}
	for _, day := range weeks {
		var over []int
		for _, days := range s.config.horizons() {
			done := slices.ContainsFunc(known, func(x presage.PlanScore) bool { return x.AsOf == day && x.Days == days })
			if !done && day+presage.Day(days) <= today {
				over = append(over, days)
			}
		}
		if err := s.scoreWeek(ctx, day, over); err != nil {
			return fmt.Errorf("score the week of %s: %w", day, err)
		}
	}
	return nil
}

// scoreWeek scores a week at horizons that are over.
func (s *Service) scoreWeek(ctx context.Context, day presage.Day, horizons []int) error {
	if len(horizons) == 0 {
		return nil
	}
	points, err := s.store.PlanPoints(ctx, day, "")
	if err != nil {
		return err
	}
	var scores []presage.PlanScore
	for _, days := range horizons {
		used, err := s.usedWithin(ctx, day, days)
		if err != nil {
			return err
		}
		scores = append(scores, month.Score(points, days, used)...)
	}
	return s.store.PutPlanScores(ctx, scores)
}

// usedWithin tells how many pieces were used in the days from a day on; those of a
// superseded part are its successor's.
func (s *Service) usedWithin(ctx context.Context, from presage.Day, days int) (func(part, depot string) int, error) {
	chains, err := chainsOf(s.catalogue)
	if err != nil {
		return nil, err
	}
	used := map[location]int{}
	err = s.store.Snapshot(ctx, func(snapshot Reads) error {
		rows, err := snapshot.PartUse(ctx, "", "", from, from+presage.Day(days)-1)
		for _, u := range rows {
			used[location{chains.Newest(u.Part), u.DepotID}] += u.Quantity
		}
		return err
	})
	return func(part, depot string) int { return used[location{chains.Newest(part), depot}] }, err
}
