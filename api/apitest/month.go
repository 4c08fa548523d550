package apitest

import (
	"context"
	"slices"
	"time"

	"presage"
)

// PlanWeeks implements month.Store: last week's plan and the one before.
func (s *OrderStore) PlanWeeks(context.Context) ([]presage.Day, error) {
	today := presage.DayOf(s.world.now)
	return []presage.Day{today - 14, today - 7}, nil
}

// PlanPoints implements month.Store: what the plan of now says, with fewer predicted, a
// shorter lead time and more on the shelf.
func (s *OrderStore) PlanPoints(ctx context.Context, day presage.Day, depot string) ([]presage.PlanPoint, error) {
	fs, err := s.world.PartForecasts(ctx, presage.ForecastFilter{DepotID: depot})
	var out []presage.PlanPoint
	for _, f := range fs {
		p := presage.PointOf(f)
		p.AsOf, p.LeadTimeDays, p.OnHand, p.OrderUpTo = day.Start(), p.LeadTimeDays-1, p.OnHand+3, p.OrderUpTo-2
		p.Drivers = scaled(p.Drivers, .9)
		out = append(out, p)
	}
	return out, err
}

// PlanScores implements month.Store: half a piece too much of every six used, of lumpy demand
// a piece too little; its error is four thirds of what is used.
func (s *OrderStore) PlanScores(_ context.Context, _ presage.Day, depot string) (out []presage.PlanScore, err error) {
	for i, d := range s.world.depots {
		for j, class := range []string{"smooth", "erratic", "intermittent", "lumpy"} {
			for _, days := range []int{7, planHorizon, 60} {
				if depot == "" || depot == d.ID {
					n, over, off := float64(40-6*j+i), .5, float64(2+j)
					if class == "lumpy" {
						over, off = -1, 8
					}
					out = append(out, presage.PlanScore{
						AsOf: presage.DayOf(s.world.now) - 60, DepotID: d.ID, Class: class, Days: days, Forecasts: int(n),
						Actual: n * 6, Errors: n * over, Absolute: n * off, Inside: int(n * .8),
					})
				}
			}
		}
	}
	return out, s.world.Err
}

// Moved implements month.Store.
func (s *OrderStore) Moved(context.Context, time.Time, time.Time) ([]presage.PartMoved, error) {
	d := s.world.depots[0].ID
	return []presage.PartMoved{{DepotID: d, Part: s.world.catalogue.Parts[0].Number, Used: 3}}, nil
}

// AdviceDecisions implements month.Store.
func (s *OrderStore) AdviceDecisions(_ context.Context, f presage.AdviceFilter) (out []presage.AdviceDecision, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range slices.Backward(s.decisions) {
		if (f.Part == "" || f.Part == d.Part) && (f.DepotID == "" || f.DepotID == d.DepotID) && (f.After == 0 || d.ID < f.After) &&
			f.Over == 0 && (f.Limit == 0 || len(out) < f.Limit) {
			out = append(out, d)
		}
	}
	return out, s.world.Err
}

// EachForecastScore implements month.Store: the past forecasts of the world's outlooks.
func (s *OrderStore) EachForecastScore(_ context.Context, f presage.ScoreFilter, each func(presage.ScoredForecast)) error {
	for _, o := range s.world.outlooks {
		for _, p := range o.Past {
			if f.DepotID == "" || f.DepotID == p.DepotID {
				each(presage.ScoredForecast{PastForecast: p})
			}
		}
	}
	return nil
}
