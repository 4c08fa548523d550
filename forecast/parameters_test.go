package forecast_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast"
)

// adviceUnder plans the small world's pads under parameters, where their failure is of severity safety.
func adviceUnder(t *testing.T, p presage.PlanningParameters) presage.PartForecast {
	t.Helper()
	in := small()
	in.Parameters = p
	in.Catalogue.Components[0].Severity = presage.Safety
	plan, err := forecast.Plan(in)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(plan.Forecasts, func(f presage.PartForecast) bool { return f.Part == "P-PAD" && f.DepotID == "D1" })
	return plan.Forecasts[i]
}

// Two may ask within the lead time: neither, one or both; see small. Levels follow the rules, never below the floor.
func TestPlanFollowsParameters(t *testing.T) {
	t.Parallel()
	plain := adviceUnder(t, presage.PlanningParameters{})
	if plain.Advice.Severity != presage.Safety || plain.Advice.Parameters != nil || plain.ReorderPoint != 2 {
		t.Fatalf("%+v", plain)
	}
	low := []presage.PlanningRule{{ServiceLevel: .01}}
	if f := adviceUnder(t, presage.PlanningParameters{Rules: low}); f.ReorderPoint != 0 || f.Advice.Target != .01 {
		t.Errorf("a low level: %+v", f)
	}
	floors := map[presage.Severity]float64{presage.Safety: .99}
	f := adviceUnder(t, presage.PlanningParameters{Rules: low, Floors: floors})
	want := []presage.PlannedParameter{{Name: "service_level", Value: .99, From: "severity"}}
	if f.ReorderPoint != 2 || !cmp.Equal(f.Advice.Parameters, want) {
		t.Errorf("a low level of a safety part: %+v", f)
	}
	f = adviceUnder(t, presage.PlanningParameters{
		Rules: []presage.PlanningRule{{Part: "P-PAD", Min: 7, Lot: 5}, {Depot: "D1", Min: 30}, {Part: "P-TYRE", Max: 1}},
	})
	if f.ReorderPoint != 7 || f.OrderNow%5 != 0 || f.OrderNow < 6 || len(f.Advice.Parameters) != 2 {
		t.Errorf("at least 7 in lots of 5: %+v", f)
	}
}

// By hand: values 800, 150, 50 of 1,000; a use of 10 every four weeks does not vary, one of 130 once a year does.
func TestClassesOfParts(t *testing.T) {
	t.Parallel()
	cny := func(minor int64) presage.Money { return presage.Money{Minor: minor, Currency: "CNY"} }
	cat := &presage.Catalogue{Parts: []presage.Part{
		{Number: "EVEN", Cost: cny(800)}, {Number: "ONCE", Cost: cny(150)}, {Number: "NEW", Cost: cny(50)}, {Number: "IDLE", Cost: cny(9)},
	}}
	monday := forecast.Monday(today())
	use := []presage.PartUse{
		{DepotID: "d", Part: "ONCE", Day: monday - 300, Quantity: 130},
		{DepotID: "d", Part: "NEW", Day: monday - 3, Quantity: 130},
		{DepotID: "d", Part: "ONCE", Day: monday - 800, Quantity: 1}, // before the year: it only tells the age
	}
	for i := range presage.Day(13) {
		use = append(use, presage.PartUse{DepotID: "d", Part: "EVEN", Day: monday - 1 - 28*i, Quantity: 10})
	}
	h, err := forecast.LearnHistory(t.Context(), use, cat, today(), forecast.Default())
	if err != nil {
		t.Fatal(err)
	}
	plan, err := forecast.Plan(forecast.Input{
		Config: forecast.Default(), Catalogue: cat, AsOf: midnight(), UseFrom: today() - 90, History: h,
		WorkshopDepots: map[string]string{"W1": "d"},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range plan.Forecasts {
		if f.DepotID == "d" {
			got[f.Part] = f.Advice.Class
		}
	}
	want := map[string]string{"EVEN": "AX", "ONCE": "BZ", "NEW": "CZ", "IDLE": "CZ"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
