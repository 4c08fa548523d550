package forecast_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast"
)

func plan(tb testing.TB, in forecast.Input) []presage.PartForecast {
	tb.Helper()
	return atDepots(planned(tb, in))
}

func planned(tb testing.TB, in forecast.Input) forecast.Planned {
	tb.Helper()
	out, err := forecast.Plan(in)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// atDepots are the forecasts of the depots.
func atDepots(p forecast.Planned) []presage.PartForecast {
	return slices.DeleteFunc(slices.Clone(p.Forecasts), func(f presage.PartForecast) bool { return f.DepotID == "" })
}

// pads is the forecast of front pads at depot D1.
func pads(tb testing.TB, in forecast.Input) presage.PartForecast {
	tb.Helper()
	for _, f := range plan(tb, in) {
		if f.Part == "P-PAD" && f.DepotID == "D1" {
			return f
		}
	}
	tb.Fatal("front pads are not planned at D1")
	return presage.PartForecast{}
}

func driver(f presage.PartForecast, name string) presage.DemandDriver {
	i := slices.IndexFunc(f.Drivers, func(d presage.DemandDriver) bool { return d.Name == name })
	return f.Drivers[i]
}

func close12(a, b float64) bool { return math.Abs(a-b) < 1e-5 }

// By hand: A fails with .3; B accepts with .6 or else fails with .5: .8; C
// comes with .95. P(0) = .7 .2 .05 = .007; P(1) = .3 .2 .05 + .7 .8 .05 +
// .7 .2 .95 = .164; P(2) = .3 .8 .05 + .3 .2 .95 + .7 .8 .95 = .601.
func TestPlanByHand(t *testing.T) {
	t.Parallel()
	f := pads(t, small())
	if b := driver(f, "booked"); !close12(b.Mean, .95) || b.Vehicles != 1 {
		t.Errorf("booked %+v", b)
	}
	if p := driver(f, "predicted"); !close12(p.Mean, 1.1) || p.Vehicles != 2 {
		t.Errorf("predicted %+v", p)
	}
	if !close12(f.Mean, 2.05) || !close12(f.StdDev, math.Sqrt(.3*.7+.8*.2+.95*.05)) {
		t.Errorf("mean %v, standard deviation %v", f.Mean, f.StdDev)
	}
	want := map[string]float64{
		"0.1": 1, "0.2": 2, "0.3": 2, "0.4": 2, "0.5": 2, "0.6": 2, "0.7": 2, "0.8": 3, "0.9": 3, "0.95": 3, "0.99": 3,
	}
	if diff := cmp.Diff(want, f.Quantiles); diff != "" {
		t.Error(diff)
	}
	// Over 29 days of lead time and one of review, the booking apart: P(0) =
	// .14, P(1) = .62, so two are needed for 95 %. On hand 3, promised 2:
	// one short, hence a pack of four.
	if f.ReorderPoint != 2 || f.OrderNow != 4 {
		t.Errorf("reorder at %d, order %d; want 2 and 4", f.ReorderPoint, f.OrderNow)
	}
}

func TestPlanNetsOutKnownDemand(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change            func(*forecast.Input)
		booked, predicted float64
	}{
		"nobody booked": {func(in *forecast.Input) { in.Bookings = nil }, 0, .3 + .8 + .9},
		// Its pads are reserved already: neither demand of this month nor predicted once more.
		"booked past the horizon": {func(in *forecast.Input) {
			in.Bookings[0] = visit("C", 40, "PADS", presage.PartQuantity{Part: "P-PAD", Quantity: 1})
		}, 0, 1.1},
		"arrived days ago and not finished": {func(in *forecast.Input) {
			in.Bookings[0] = visit("C", -3, "PADS", presage.PartQuantity{Part: "P-PAD", Quantity: 1})
			in.Bookings[0].State = presage.BookingArrived
		}, 1, 1.1},
		"cancelled": {func(in *forecast.Input) { in.Bookings[0].State = presage.BookingCancelled }, 0, .3 + .8 + .9},
		"missed days ago": {func(in *forecast.Input) {
			in.Bookings[0] = visit("C", -3, "PADS", presage.PartQuantity{Part: "P-PAD", Quantity: 1})
		}, 0, .3 + .8 + .9},
		"arrived":   {func(in *forecast.Input) { in.Bookings[0].State = presage.BookingArrived }, 1, 1.1},
		"escalated": {func(in *forecast.Input) { in.Cases[0].State = presage.CaseEscalated }, .95, 1.1},
		"offer booked elsewhere in time": {func(in *forecast.Input) {
			in.Cases[0].State = presage.CaseBooked
		}, .95, .3 + .5},
		"booked for another component": {func(in *forecast.Input) {
			in.Bookings[0] = visit("C", 5, "TYRES", presage.PartQuantity{Part: "P-TYRE", Quantity: 2})
		}, 0, .3 + .8 + .9},
		"a workshop of another depot": {func(in *forecast.Input) { in.WorkshopDepots["W1"] = "D2" }, 0, 1.1},
		"a vehicle without a depot":   {func(in *forecast.Input) { in.Depots["A"] = "" }, .95, .8},
		"half of the failed are repaired elsewhere": {func(in *forecast.Input) {
			in.Config.Acceptance.Failed = .5
		}, .95, .15 + .6 + .4*.25},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := small()
			tt.change(&in)
			f := pads(t, in)
			if b, p := driver(f, "booked").Mean, driver(f, "predicted").Mean; !close12(b, tt.booked) || !close12(p, tt.predicted) {
				t.Errorf("booked %v, predicted %v; want %v, %v", b, p, tt.booked, tt.predicted)
			}
		})
	}
}

// By hand: 12 pieces in 60 days; 4 went to a booked visit; today's failure
// probabilities, .3 and .5, would have taken .8/30 x 60 = 1.6, whatever is
// offered today: accepted offers were bookings. 6.4 remain; with half a job in
// 90 days before: (.5 + 6.4) x 30 / (90 + 60) = 1.38.
func TestPlanCountsWhatNobodyPredicted(t *testing.T) {
	t.Parallel()
	in := small()
	in.Config.Unpredicted = forecast.Default().Unpredicted
	in.UseFrom = today() - 60
	in.Use = []presage.PartUse{
		{DepotID: "D1", Part: "P-PAD", Day: today() - 60, Quantity: 5},
		{DepotID: "D1", Part: "P-PAD", Day: today() - 1, Quantity: 7},
		{DepotID: "D1", Part: "P-PAD", Day: today() - 61, Quantity: 100}, // before the record
		{DepotID: "D2", Part: "P-PAD", Day: today() - 1, Quantity: 100},  // another depot
	}
	done := visit("C", -20, "PADS", presage.PartQuantity{Part: "P-PAD", Quantity: 4})
	done.State = presage.BookingDone
	in.Bookings = append(in.Bookings, done)
	if got := driver(pads(t, in), "unpredicted").Mean; !close12(got, 1.38) {
		t.Errorf("unpredicted %v, want 1.38", got)
	}
	// Booked 7.5 days before: of the 30 daily plans that it stood in, a quarter
	// knew of it, so that 3 of the 4 pieces are demand that arises later.
	in.Bookings[len(in.Bookings)-1].CreatedAt = done.Start.AddDate(0, 0, -7).Add(-12 * time.Hour)
	if got := driver(pads(t, in), "unpredicted").Mean; !close12(got, 1.38+3*30./150) {
		t.Errorf("with a visit booked late %v, want 1.98", got)
	}
	in.Use, in.UseFrom = nil, today()
	if got := driver(pads(t, in), "unpredicted").Mean; !close12(got, .5*30/90) {
		t.Errorf("without a record %v, want the prior's 1/6", got)
	}
}

func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	in := small()
	in.Config.HorizonDays, in.Config.ServiceLevel = 0, 1
	_, err := forecast.Plan(in)
	if !errors.Is(err, presage.ErrInvalid) || !contains(err, "HorizonDays 0", "ServiceLevel 1") {
		t.Errorf("want both faults by name: %v", err)
	}
	in = small()
	in.Catalogue.Components[0].JobCode = "LOST"
	if _, err := forecast.Plan(in); !errors.Is(err, presage.ErrNotFound) {
		t.Errorf("a component whose job is missing: %v", err)
	}
	in = small()
	in.Prognoses[0].FailWithin.D30 = math.NaN()
	if _, err := forecast.Plan(in); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("a probability that is not a number: %v", err)
	}
}
