//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"

	"presage"
	"presage/internal/sqlstore"
)

func planWeeks(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	today := presage.DayOf(noon())
	point := func(part, depot string, upTo int) presage.PlanPoint {
		return presage.PlanPoint{Part: part, DepotID: depot, AsOf: noon(), OrderUpTo: upTo, Horizons: []presage.PointHorizon{{Days: 7, Mean: 2}}}
	}
	must(t, s.PutPlanPoints(ctx, today-500, []presage.PlanPoint{point("PAD", "d1", 1)}))
	must(t, s.PutPlanPoints(ctx, today-7, []presage.PlanPoint{point("PAD", "d1", 2), point("OIL", "d2", 3)}))
	must(t, s.PutPlanPoints(ctx, today, []presage.PlanPoint{point("TYRE", "d1", 4)}))
	must(t, s.PutPlanPoints(ctx, today, []presage.PlanPoint{point("PAD", "d1", 5)})) // made again
	weeks, err := s.PlanWeeks(ctx)
	must(t, err)
	same(t, "weeks", weeks, []presage.Day{today - 7, today})
	points, err := s.PlanPoints(ctx, today-7, "")
	must(t, err)
	same(t, "points", points, []presage.PlanPoint{point("OIL", "d2", 3), point("PAD", "d1", 2)})
	points, err = s.PlanPoints(ctx, today, "d1")
	must(t, err)
	same(t, "points of a depot", points, []presage.PlanPoint{point("PAD", "d1", 5)})

	score := func(asOf presage.Day, depot string, n int) presage.PlanScore {
		return presage.PlanScore{AsOf: asOf, DepotID: depot, Class: "lumpy", Days: 7, Forecasts: n, Errors: -.5}
	}
	must(t, s.PutPlanScores(ctx, []presage.PlanScore{score(today-800, "d1", 1)}))
	must(t, s.PutPlanScores(ctx, []presage.PlanScore{score(today-7, "d1", 1), score(today-7, "d2", 2)}))
	must(t, s.PutPlanScores(ctx, []presage.PlanScore{score(today-7, "d1", 3)}))
	scores, err := s.PlanScores(ctx, 0, "")
	must(t, err)
	same(t, "scores", scores, []presage.PlanScore{score(today-7, "d1", 3), score(today-7, "d2", 2)})
	scores, err = s.PlanScores(ctx, today-7, "d2")
	must(t, err)
	same(t, "scores of a depot", scores, []presage.PlanScore{score(today-7, "d2", 2)})
}

func adviceDecisions(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	decided := func(part, verdict string, chosen int) presage.AdviceDecision {
		return presage.AdviceDecision{
			Part: part, DepotID: "d1", Verdict: verdict, Advised: 10, Chosen: chosen, Position: 4, SpanDays: 5,
			UnitPrice: presage.Money{Minor: 900, Currency: "CNY"}, By: "li", Why: "a campaign", At: noon(),
		}
	}
	wish := presage.OrderWish{
		Orders:    []presage.Order{placed("o1")},
		Decisions: []presage.AdviceDecision{decided("PAD", "accept", 10), decided("OIL", "override", 4)},
	}
	for range 2 { // the same wish again decides nothing twice
		_, err := s.PutOrders(ctx, presage.OrderAct{Key: "k", Kind: "advice", By: "li", At: noon()}, "d", wish)
		must(t, err)
	}
	list := func(f presage.AdviceFilter) []presage.AdviceDecision {
		t.Helper()
		ds, err := s.AdviceDecisions(ctx, f)
		must(t, err)
		return ds
	}
	first, second := wish.Decisions[0], wish.Decisions[1]
	first.ID, second.ID = 1, 2
	same(t, "the newest first", list(presage.AdviceFilter{}), []presage.AdviceDecision{second, first})
	same(t, "page", list(presage.AdviceFilter{After: 2, Limit: 1}), []presage.AdviceDecision{first})
	same(t, "of a part", list(presage.AdviceFilter{Part: "PAD", DepotID: "d1"}), []presage.AdviceDecision{first})
	same(t, "since", len(list(presage.AdviceFilter{Since: noon().Add(day)})), 0)

	today := presage.DayOf(noon())
	same(t, "not over", len(list(presage.AdviceFilter{Over: today + 4})), 0)
	must(t, s.PutWorkshops(ctx, []presage.Workshop{{ID: "w1", DepotID: "d1"}}))
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1), WorkshopID: "w1"}}))
	for days, pieces := range map[int]int{-1: 9, 0: 2, 4: 3, 5: 9} {
		must(t, s.FinishBooking(ctx, presage.WorkshopResult{
			VIN: vin(1), At: noon().AddDate(0, 0, days), PartsUsed: []presage.PartQuantity{{Part: "OIL", Quantity: pieces}},
		}, nil, nil))
	}
	second.Over, second.Actual = true, 5
	same(t, "over, against the advice", list(presage.AdviceFilter{Over: today + 5}), []presage.AdviceDecision{second})
}

func stockMoved(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	putOrders(t, s, "k", placed("o1"))
	_, err := act(t, s, "o1 a", presage.ActReceive, presage.OrderActLine{Line: 1, Pieces: 6})
	must(t, err)
	moved, err := s.Moved(ctx, noon(), noon().Add(2*day))
	must(t, err)
	same(t, "moved", moved, []presage.PartMoved{{DepotID: "d1", Part: "PAD", Received: 6}})
	moved, err = s.Moved(ctx, noon().Add(2*day), noon().Add(9*day))
	must(t, err)
	same(t, "later", len(moved), 0)
}
