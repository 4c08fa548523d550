package forecast_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/forecast"
)

func law(f, h []float64) presage.ArchivedForecast {
	return presage.ArchivedForecast{
		Part: "P", DepotID: "D", AsOf: midnight(), HorizonDays: 30, Support: []int{0, 1, 3},
		FleetCDF: f, HistoryCDF: h, ModelCDF: h, Mean: 2, FleetMean: 1, HistoryMean: 2,
	}
}

// By hand, of the demand 1: F is .5 on [0,1), where the truth is 0, and .75 on
// [1,3), where it is 1: .25 + 2 x .0625. H is 0 and .5: 0 + 2 x .25. Cross:
// .5 x 0 + 2 x .25 x .5. Of the demand 5 F misses 2 more pieces.
func TestScoreByHand(t *testing.T) {
	t.Parallel()
	l := law([]float64{.5, .75, 1}, []float64{0, .5, 1})
	s := forecast.Score(l, 1)
	for what, got := range map[string][2]float64{
		"fleet": {s.FleetRPS, .375}, "history": {s.HistoryRPS, .5}, "model": {s.RPS, .5}, "cross": {s.Cross, .25},
		"median": {s.P50, 1}, "tenth": {s.P10, 1}, "ninetieth": {s.P90, 3},
		"far": {forecast.Score(l, 5).FleetRPS, .25 + 2*.5625 + 2},
	} {
		if math.Abs(got[0]-got[1]) > 1e-12 {
			t.Errorf("%s: %v, want %v", what, got[0], got[1])
		}
	}
}

// The three numbers kept of a forecast tell the score of every mixture.
func TestScoresTellEveryMixture(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cdf := func(name string) []float64 {
			p := rapid.SliceOfN(rapid.Float64Range(0, 1), 2, 2).Draw(rt, name)
			slices.Sort(p)
			return append(p, 1)
		}
		l, y := law(cdf("fleet"), cdf("history")), rapid.IntRange(0, 6).Draw(rt, "actual")
		w := rapid.Float64Range(0, 1).Draw(rt, "weight")
		l.ModelCDF = make([]float64, 3)
		for i := range l.ModelCDF {
			l.ModelCDF[i] = w*l.FleetCDF[i] + (1-w)*l.HistoryCDF[i]
		}
		s := forecast.Score(l, y)
		want := w*w*s.FleetRPS + 2*w*(1-w)*s.Cross + (1-w)*(1-w)*s.HistoryRPS
		if math.Abs(s.RPS-want) > 1e-9 {
			rt.Fatalf("score %v, want %v", s.RPS, want)
		}
	})
}

func scored(part string, weeksAgo int, fleet, history, cross float64) presage.ScoredForecast {
	return presage.ScoredForecast{
		PastForecast: presage.PastForecast{
			Part: part, DepotID: "D", AsOf: midnight().AddDate(0, 0, -7*weeksAgo), HorizonDays: 30,
			FleetRPS: fleet, HistoryRPS: history,
		},
		Cross: cross,
	}
}

// By hand, two forecasts of today of one part without demand: separation
// 2 x (1 + 3 - 2 x 1.5) = 2, gain 2 x (3 - 1.5) = 3; best weight 1.5, thus 1.
// Two pseudo-forecasts have the separation 2: the assortment's weight is
// (3 + 2 x .5) / (2 + 2), cut to 1, and the part's (3 + 2 x 1) / 4, cut to 1.
// The mirrored scores give (-1 + 1) / 4 = 0 and (-1 + 0) / 4, cut to 0. With
// the same scores for both there is no separation: the prior.
func TestWeighByHand(t *testing.T) {
	t.Parallel()
	cfg := forecast.Default()
	cfg.Pool.Forecasts = 2
	for _, tt := range []struct {
		name                  string
		fleet, history, cross float64
		want                  float64
	}{
		{"prognoses are better", 1, 3, 1.5, 1},
		{"history is better", 3, 1, 1.5, 0},
		{"alike", 2, 2, 2, .5},
		{"both have something", 2, 2, 1.5, .5},
		// separation 2(1+2-2) = 2, gain 2(2-1) = 2: (2+1)/4 = .75, then (2 + 2 x .75)/4 = .875.
		{"prognoses are a little better", 1, 2, 1, .875},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := weigh(&cfg,
				scored("A", 0, tt.fleet, tt.history, tt.cross), scored("A", 0, tt.fleet, tt.history, tt.cross))
			if got := w.Of("A", &cfg); math.Abs(got-tt.want) > 1e-12 {
				t.Errorf("weight %v, want %v", got, tt.want)
			}
		})
	}
}

func weigh(cfg *forecast.Config, scores ...presage.ScoredForecast) *forecast.Weights {
	skills := forecast.NewSkills(midnight(), cfg)
	for _, s := range scores {
		skills.Add(s)
	}
	return skills.Weigh()
}

// Old scores fade, other parts borrow from the assortment, and any order gives
// the same weights.
func TestWeighFadesAndPools(t *testing.T) {
	t.Parallel()
	cfg := forecast.Default()
	scores := []presage.ScoredForecast{
		scored("A", 0, 1, 2, 1), scored("A", 100, 2, 1, 1), scored("B", 0, 1, 2, 1), scored("C", 3, 1.5, 2, 1),
	}
	w := weigh(&cfg, scores...)
	if a, c := w.Of("A", &cfg), w.Of("unknown", &cfg); a <= .5 || c <= .5 || c >= 1 {
		t.Errorf("weights %v, of an unknown part %v: want above one half", a, c)
	}
	slices.Reverse(scores)
	if a, b := w.Of("A", &cfg), weigh(&cfg, scores...).Of("A", &cfg); math.Abs(a-b) > 1e-14 {
		t.Errorf("weights %v and %v by the order of the scores", a, b)
	}
}

// By hand: means 4 and 1 of the actuals 2 and 2: bias (5 - 4)/4, MAE (2+1)/2;
// the planner said 3 once: bias 1/2. 2 lies in [1, 4], not in [3, 4].
func TestAccuracyByHand(t *testing.T) {
	t.Parallel()
	three := 3.0
	a := presage.ScoredForecast{PastForecast: presage.PastForecast{
		Mean: 4, P10: 1, P90: 4, Actual: 2, RPS: .5, FleetRPS: .25, HistoryRPS: 1, Override: &three,
	}, FleetMean: 2, HistoryMean: 0}
	b := a
	b.Mean, b.P10, b.Override = 1, 3, nil
	want := []presage.ForecastAccuracy{
		{Of: "model", Forecasts: 2, Bias: .25, MAE: 1.5, RPS: .5, Inside80: .5},
		{Of: "fleet", Forecasts: 2, RPS: .25},
		{Of: "history", Forecasts: 2, Bias: -1, MAE: 2, RPS: 1},
		{Of: "planner", Forecasts: 1, Bias: .5, MAE: 1},
	}
	if diff := cmp.Diff(want, forecast.Accuracy([]presage.ScoredForecast{a, b})); diff != "" {
		t.Error(diff)
	}
}

// Of a record that begins 17 days before, two whole weeks are shown, the old
// part's pieces with the new one's.
func TestOutlookPutsThePastTogether(t *testing.T) {
	t.Parallel()
	f := presage.PartForecast{
		Part: "NEW", DepotID: "D1", AsOf: midnight(), Advice: presage.ReorderAdvice{Supersedes: []string{"OLD"}},
	}
	use := func(part, depot string, ago presage.Day) presage.PartUse {
		return presage.PartUse{Part: part, DepotID: depot, Day: today() - ago, Quantity: 2}
	}
	past := forecast.Past{
		UseFrom: today() - 17,
		Use: []presage.PartUse{
			use("NEW", "D1", 1), use("OLD", "D1", 7), use("NEW", "D1", 8), use("NEW", "D1", 15), use("NEW", "D2", 1),
			use("NEW", "D1", 0), use("OTHER", "D1", 1),
		},
		Scores: []presage.ScoredForecast{
			{PastForecast: presage.PastForecast{Part: "NEW", DepotID: "D1", AsOf: midnight().Add(-time.Hour)}},
			{PastForecast: presage.PastForecast{Part: "OLD", DepotID: "D1", AsOf: midnight().Add(-2 * time.Hour)}},
			{PastForecast: presage.PastForecast{Part: "NEW", DepotID: "D2", AsOf: midnight().Add(-time.Hour)}},
		},
		Overrides: []presage.DemandOverride{
			{ID: 1, Part: "NEW", DepotID: "D1", CreatedAt: midnight()},
			{ID: 2, Part: "NEW", DepotID: "D1", CreatedAt: midnight().Add(time.Hour)},
			{ID: 3, Part: "NEW", DepotID: "D2"},
		},
	}
	o := forecast.Outlook(f, nil, []string{"D1"}, past)
	weeks := []presage.DemandWeek{{From: today() - 14, Pieces: 2}, {From: today() - 7, Pieces: 4}}
	if diff := cmp.Diff(weeks, o.History); diff != "" {
		t.Error(diff)
	}
	if len(o.Past) != 2 || o.Past[0].Part != "OLD" || o.Accuracy[0].Forecasts != 2 {
		t.Errorf("past %+v", o.Past)
	}
	if len(o.Overrides) != 2 || o.Overrides[0].ID != 2 {
		t.Errorf("overrides %+v", o.Overrides)
	}
	if both := forecast.Outlook(f, nil, []string{"D1", "D2"}, past); both.History[1].Pieces != 6 || len(both.Past) != 3 {
		t.Errorf("of two depots: %+v", both)
	}
}
