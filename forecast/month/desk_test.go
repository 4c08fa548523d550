package month_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/forecast/month"
)

func monday() time.Time { return time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC) }

// shelves is a store with the plan of the week before, and what has happened since.
type shelves struct {
	points    map[presage.Day][]presage.PlanPoint
	scores    []presage.PlanScore
	moved     []presage.PartMoved
	decisions []presage.AdviceDecision
	scored    []presage.ScoredForecast
	plan      []presage.PartForecast
}

func (s *shelves) PlanWeeks(context.Context) (days []presage.Day, err error) {
	for day := range s.points {
		days = append(days, day)
	}
	slices.Sort(days)
	return days, nil
}

func (s *shelves) PlanPoints(_ context.Context, day presage.Day, _ string) ([]presage.PlanPoint, error) {
	return s.points[day], nil
}

func (s *shelves) PlanScores(context.Context, presage.Day, string) ([]presage.PlanScore, error) {
	return s.scores, nil
}

func (s *shelves) Moved(context.Context, time.Time, time.Time) ([]presage.PartMoved, error) {
	return s.moved, nil
}

func (s *shelves) AdviceDecisions(context.Context, presage.AdviceFilter) ([]presage.AdviceDecision, error) {
	return s.decisions, nil
}

func (s *shelves) EachForecastScore(_ context.Context, _ presage.ScoreFilter, each func(presage.ScoredForecast)) error {
	for _, x := range s.scored {
		each(x)
	}
	return nil
}

func (s *shelves) Depots(context.Context) ([]presage.Depot, error) {
	return []presage.Depot{{ID: "d1", Name: presage.Text{ZH: "东库", EN: "East"}}}, nil
}

func (s *shelves) PartForecasts(context.Context, presage.ForecastFilter) ([]presage.PartForecast, error) {
	return s.plan, nil
}

func yuan(minor int64) presage.Money { return presage.Money{Minor: minor, Currency: "CNY"} }

func desk(s *shelves) *month.Desk {
	return month.New(month.Deps{
		Store: s, Advice: s, Holding: .25, Shortage: .02, Horizon: 30, Now: monday,
		Catalogue: &presage.Catalogue{Parts: []presage.Part{{Number: "CHEAP", Cost: yuan(100)}, {Number: "DEAR", Cost: yuan(90000)}}},
	})
}

// forecastOf has so many pieces missing in the mean at a risk.
func forecastOf(part string, risk, missing float64) presage.PartForecast {
	return presage.PartForecast{
		Part: part, DepotID: "d1", AsOf: monday(), HorizonDays: 30, Class: "lumpy",
		Advice: presage.ReorderAdvice{StockOutRisk: risk, Missing: missing, OrderUpTo: 10},
	}
}

// A likely stock-out of a cheap part comes behind an unlikely one of a dear part; what is too
// much is a share of its value.
func TestWhatIsMostAtStakeComesFirst(t *testing.T) {
	t.Parallel()
	much := forecastOf("DEAR", 0, 0)
	much.DepotID, much.Advice.Excess, much.Advice.ExcessValue, much.Advice.Obsolete = "d2", 2, yuan(180000), .15
	replaced := forecastOf("DEAR", .9, 9)
	replaced.Advice.ReplacedBy = "NEW"
	s := &shelves{plan: []presage.PartForecast{
		forecastOf("CHEAP", .9, 4), forecastOf("DEAR", .1, .2), forecastOf("CHEAP", .04, 4), much, replaced,
	}}
	m, err := desk(s).Month(t.Context(), presage.MonthFilter{})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		kind           string
		atStake, value int64
		risk           float64
	}
	var got []row
	for _, e := range m.Items {
		got = append(got, row{e.Kind, e.AtStake.Minor, e.Value.Minor, e.Risk})
	}
	want := []row{{"excess", 72000, 180000, .4}, {"stock_out", 18000, 180000, .1}, {"stock_out", 400, 444, .9}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !m.Items[1].New || m.Items[1].Depot.EN != "East" || !m.Since.IsZero() || m.Weeks == nil {
		t.Errorf("without an earlier plan: %+v", m)
	}
}

// The plan of eight days ago counts, not that of yesterday; an older one when it is wished.
func TestWhatIsComparedWith(t *testing.T) {
	t.Parallel()
	today := presage.DayOf(monday())
	point := func(ago presage.Day, upTo int) []presage.PlanPoint {
		return []presage.PlanPoint{{Part: "DEAR", DepotID: "d1", AsOf: (today - ago).Start(), HorizonDays: 30, OrderUpTo: upTo}}
	}
	s := &shelves{
		plan:   []presage.PartForecast{forecastOf("DEAR", .5, 1)},
		points: map[presage.Day][]presage.PlanPoint{today - 15: point(15, 2), today - 8: point(8, 6), today - 1: point(1, 9)},
		decisions: []presage.AdviceDecision{
			{ID: 2, Part: "DEAR", DepotID: "d1", Verdict: "override"}, {ID: 1, Part: "DEAR", DepotID: "d1", Verdict: "accept"},
		},
	}
	for since, change := range map[presage.Day]float64{0: 4, today - 8: 4, today - 15: 8, today - 1: 1} {
		m, err := desk(s).Month(t.Context(), presage.MonthFilter{Since: since})
		if err != nil {
			t.Fatal(err)
		}
		e := m.Items[0]
		if e.Change != change || e.New || len(e.Drivers) != 1 || e.Drivers[0].Name != "safety" || e.Decision.ID != 2 {
			t.Errorf("since %d: %+v", since, e)
		}
		if m.Change.Minor != int64(change)*90000 || m.Drivers[0].Value != m.Change {
			t.Errorf("since %d: %+v in all, of %+v", since, m.Change, m.Drivers)
		}
	}
	if _, err := desk(s).Month(t.Context(), presage.MonthFilter{Since: today - 3}); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("a day without a plan: %v", err)
	}
}

// Two planners' figures, by hand: the errors are 4 and 2, then 10 and 2, so gains are 2 and 8:
// 5 in the mean, deviation 4.2426, and t(1 degree, 95 %) = 6.3138 (Student's table).
func TestValueAdded(t *testing.T) {
	t.Parallel()
	score := func(part string, mean, override float64, actual int) presage.ScoredForecast {
		return presage.ScoredForecast{PastForecast: presage.PastForecast{
			Part: part, DepotID: "d1", HorizonDays: 73, Mean: mean, Override: &override, Actual: actual,
		}}
	}
	s := &shelves{
		scored: []presage.ScoredForecast{
			score("DEAR", 14, 8, 10), score("CHEAP", 10, 18, 20), {PastForecast: presage.PastForecast{Part: "DEAR", Mean: 99}},
		},
		// 10 pieces were used of the 8 + 4 advised and the 8 + 1 chosen.
		decisions: []presage.AdviceDecision{{Position: 8, Advised: 4, Chosen: 1, Actual: 10, SpanDays: 73, UnitPrice: yuan(1000)}},
		scores: []presage.PlanScore{
			{Class: "lumpy", DepotID: "d1", Days: 30, Forecasts: 3, Actual: 10, Errors: -2, Absolute: 6, Inside: 2},
			{Class: "smooth", DepotID: "d1", Days: 30, Forecasts: 1, Actual: 10, Errors: 4, Absolute: 4, Inside: 1},
			{Class: "smooth", DepotID: "d1", Days: 7, Forecasts: 1},
		},
	}
	r, err := desk(s).Review(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	figures, orders := r.Added[0], r.Added[1]
	half := 6.3138 * 4.24264 / math.Sqrt2
	if figures.Cases != 2 || figures.ModelError != 7 || figures.PlannerError != 2 || figures.Added != 5 ||
		math.Abs(*figures.AddedHigh-5-half) > .01 || math.Abs(*figures.AddedLow-5+half) > .01 {
		t.Errorf("%+v", figures)
	}
	// Held too much: 2 x 1,000 x .25 x 73/365 = 100; waited for 1 x 1,000 x .02 x 73/2 = 730.
	if orders.Cases != 1 || orders.ModelError != 2 || orders.PlannerError != 1 || orders.CostSaved != yuan(100-730) || orders.AddedLow != nil {
		t.Errorf("%+v", orders)
	}
	if len(r.ByClass) != 2 || r.ByClass[0].Of != "smooth" || r.ByClass[1].WAPE != .6 || r.ByClass[1].Bias != -.2 || r.ByClass[1].MAE != 2 {
		t.Errorf("%+v", r.ByClass)
	}
	if len(r.ByHorizon) != 2 || r.ByHorizon[0].Of != "7" || len(r.ByDepot) != 1 || r.ByDepot[0].Inside80 != .75 || r.ByDepot[0].Bias != .1 {
		t.Errorf("%+v %+v", r.ByHorizon, r.ByDepot)
	}
}

// Two parts of a class: 3 forecast and 5 used outside the band, 4 and 4 inside it.
func TestScore(t *testing.T) {
	t.Parallel()
	at := func(part string, mean, low, high float64) presage.PlanPoint {
		return presage.PlanPoint{
			Part: part, DepotID: "d1", Class: "lumpy", AsOf: monday(),
			Horizons: []presage.PointHorizon{{Days: 7, Mean: 99}, {Days: 30, Mean: mean, P10: low, P90: high}},
		}
	}
	used := map[string]int{"A": 5, "B": 4}
	got := month.Score([]presage.PlanPoint{at("A", 3, 1, 4), at("B", 4, 4, 6), {Part: "C"}}, 30, func(part, _ string) int { return used[part] })
	want := []presage.PlanScore{{
		AsOf: presage.DayOf(monday()), DepotID: "d1", Class: "lumpy", Days: 30, Forecasts: 2, Actual: 9, Errors: -2, Absolute: 2, Inside: 1,
	}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
