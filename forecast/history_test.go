package forecast_test

import (
	"math"
	"testing"
	"time"

	"presage"
	"presage/forecast"
)

// 1970-01-01 was a Thursday, 2026-11-21 is a Saturday.
func TestMondayByCalendar(t *testing.T) {
	t.Parallel()
	for day := presage.Day(-20); day < 40; day++ {
		m := forecast.Monday(day)
		if m.Start().Weekday() != time.Monday || m > day || day-m > 6 {
			t.Errorf("Monday of %s is %s", day, m)
		}
	}
}

// steady is a part that no job asks for and of which the depot used so many
// pieces every Wednesday for so many weeks.
func steady(t *testing.T, pieces, weeks int) forecast.Input {
	t.Helper()
	in := small()
	in.Catalogue.Parts = append(in.Catalogue.Parts, presage.Part{Number: "P-OIL", PackSize: 1, LeadTimeDays: 6})
	var use []presage.PartUse
	for week := range weeks {
		day := forecast.Monday(today()) + 2 - presage.Day(7*(week+1))
		use = append(use, presage.PartUse{DepotID: "D1", Part: "P-OIL", Day: day, Quantity: pieces})
	}
	in.History = learnt(t, in, use)
	return in
}

// Five a week is five a week: 150/7 in 30 days, give or take a tenth.
func TestHistoryForecastsASteadyPart(t *testing.T) {
	t.Parallel()
	in := steady(t, 5, 40)
	p := planned(t, in)
	f := at(t, p, "P-OIL", "D1", "")
	if f.FleetWeight != 0 || math.Abs(f.Mean-150.0/7) > 2.2 {
		t.Errorf("mean %v, weight of the prognoses %v", f.Mean, f.FleetWeight)
	}
	for i, want := range []float64{5, 10, 150.0 / 7, 300.0 / 7, 450.0 / 7} {
		if got := f.Horizons[i]; math.Abs(got.Mean-want) > .12*want {
			t.Errorf("%d days: mean %v, want about %v", got.Days, got.Mean, want)
		}
	}
	if f.Advice.DaysOfSupply != 0 || f.OrderNow == 0 {
		t.Errorf("an empty shelf lasts %v days, %d ordered", f.Advice.DaysOfSupply, f.OrderNow)
	}
}

// Eight whole weeks are enough; the record begins on a Wednesday, so that the
// first week is none.
func TestYoungPartsLeanOnThePrognoses(t *testing.T) {
	t.Parallel()
	for weeks, want := range map[int]float64{8: 1, 9: 0} {
		if got := at(t, planned(t, steady(t, 5, weeks)), "P-OIL", "D1", "").FleetWeight; got != want {
			t.Errorf("after %d weeks the prognoses weigh %v, want %v", weeks, got, want)
		}
	}
}

// A known visit takes from the history's forecast instead of adding to it: the
// law of max(known, history) has the mean of both, and where the history is
// never below what is known its own.
func TestKnownVisitsConsumeTheHistory(t *testing.T) {
	t.Parallel()
	in := steady(t, 20, 40)
	without := at(t, planned(t, in), "P-OIL", "D1", "")
	in.Bookings = append(in.Bookings, visit("A", 3, "OIL", presage.PartQuantity{Part: "P-OIL", Quantity: 2}))
	with := at(t, planned(t, in), "P-OIL", "D1", "")
	if math.Abs(with.Mean-without.Mean) > 1e-6 {
		t.Errorf("mean %v, without the visit %v", with.Mean, without.Mean)
	}
	if b := driver(with, "booked").Mean; math.Abs(b-1.9) > 1e-12 {
		t.Errorf("booked %v, want 2 x .95", b)
	}
	in.Bookings[len(in.Bookings)-1].Parts[0].Quantity = 1000
	if many := at(t, planned(t, in), "P-OIL", "D1", ""); many.Mean < 950 || many.Mean > 950+.06*without.Mean {
		t.Errorf("mean %v beside 1000 booked pieces, want about 950", many.Mean)
	}
}

// What a part replaces counts as its own: history, stock, the parts of booked
// visits; the old one is not ordered.
func TestSupersededPartsCountForTheNew(t *testing.T) {
	t.Parallel()
	in := steady(t, 5, 40)
	want := at(t, planned(t, in), "P-OIL", "D1", "")
	in.Catalogue.Parts[len(in.Catalogue.Parts)-1] = presage.Part{
		Number: "P-OIL-2", PackSize: 1, LeadTimeDays: 6, Supersedes: []string{"P-OIL"},
	}
	var use []presage.PartUse
	for week := range 40 {
		day, part := forecast.Monday(today())+2-presage.Day(7*(week+1)), "P-OIL"
		if week < 4 {
			part = "P-OIL-2"
		}
		use = append(use, presage.PartUse{DepotID: "D1", Part: part, Day: day, Quantity: 5})
	}
	in.History = learnt(t, in, use)
	in.Stock = append(in.Stock, presage.Stock{DepotID: "D1", Part: "P-OIL", OnHand: 40},
		presage.Stock{DepotID: "D1", Part: "P-OIL-2", OnHand: 3})
	p := planned(t, in)
	f, old := at(t, p, "P-OIL-2", "D1", ""), at(t, p, "P-OIL", "D1", "")
	if math.Abs(f.Mean-want.Mean) > 1 || f.Stock.OnHand != 43 || f.Advice.Supersedes[0] != "P-OIL" || f.OrderNow != 0 {
		t.Errorf("the new part: %+v, want a mean of %v", f, want.Mean)
	}
	if old.Mean != 0 || old.OrderNow != 0 || old.Advice.ReplacedBy != "P-OIL-2" || old.Stock.OnHand != 40 {
		t.Errorf("the old part: %+v", old)
	}
}

// One piece a day everywhere is 30 in 30 days, also at depots that were not
// there for most of the two years on record.
func TestADepotBeginsWithItsFirstPiece(t *testing.T) {
	t.Parallel()
	in := large(0, 1)
	in.UseFrom = today() - 180
	for depot, weeks := range map[string]int{"D0": 100, "D1": 3, "D2": 30, "D3": 1} {
		for day := forecast.Monday(today()) - presage.Day(7*weeks); day < today(); day++ {
			in.Use = append(in.Use, presage.PartUse{DepotID: depot, Part: "P-00", Day: day, Quantity: 1})
		}
	}
	in.History = learnt(t, in, in.Use)
	p := planned(t, in)
	for _, depot := range []string{"D0", "D1", "D2", "D3"} {
		f := at(t, p, "P-00", depot, "")
		if h := driver(f, "history").Mean / (1 - f.FleetWeight); math.Abs(h-30) > 1.5 {
			t.Errorf("%s: %v in 30 days by the history", depot, h)
		}
	}
}
