package explain_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/api/explain"
	"presage/internal/wording"
)

func maker(t *testing.T) *explain.Maker {
	t.Helper()
	book, err := wording.Open()
	if err != nil {
		t.Fatal(err)
	}
	return explain.New(book)
}

func TestMean(t *testing.T) {
	t.Parallel()
	m := maker(t)
	driver := func(name string, mean float64, vehicles int) presage.DemandDriver {
		return presage.DemandDriver{Name: name, Mean: mean, Vehicles: vehicles}
	}
	for _, c := range []struct {
		name    string
		drivers []presage.DemandDriver
		zh, en  string
	}{
		{
			"the largest first",
			[]presage.DemandDriver{driver("booked", 9, 9), driver("predicted", 31, 612), driver("history", 4, 0)},
			"31 件（共 44 件）来自 612 辆车的预测需求；9 件来自已预约的到店；4 件来自历史用量",
			"31 of 44 expected from what is predicted for 612 vehicles; 9 from booked visits; 4 from history",
		},
		{ // 10.4 + 10.4 + 10.4 = 31.2: 10 + 10 + 10 would be 30, so one of them shows 11
			"shares add up",
			[]presage.DemandDriver{driver("booked", 10.4, 9), driver("predicted", 10.4, 5), driver("history", 10.4, 0)},
			"11 件（共 31 件）来自已预约的到店；10 件来自历史用量；10 件来自 5 辆车的预测需求",
			"11 of 31 expected from booked visits; 10 from history; 10 from what is predicted for 5 vehicles",
		},
		{ // 0.95 + 1.10 + 0.001 = 2.051 shows as 2.1; a thousandth is not worth a word
			"tenths when few",
			[]presage.DemandDriver{driver("booked", .95, 1), driver("predicted", 1.1, 2), driver("unpredicted", .001, 0)},
			"1.1 件（共 2.1 件）来自 2 辆车的预测需求；1.0 件来自已预约的到店",
			"1.1 of 2.1 expected from what is predicted for 2 vehicles; 1.0 from booked visits",
		},
		{
			"nothing",
			[]presage.DemandDriver{driver("unpredicted", .01, 0)},
			"未来 30 天预计没有需求", "No demand is expected within 30 days",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := presage.PartForecast{HorizonDays: 30, Drivers: c.drivers}
			for _, d := range c.drivers {
				f.Mean += d.Mean
			}
			if diff := cmp.Diff(presage.Text{ZH: c.zh, EN: c.en}, m.Mean(f)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryFigure(t *testing.T) {
	t.Parallel()
	f := presage.PartForecast{
		Part: "PAD", DepotID: "d1", HorizonDays: 30, Mean: 44, FleetWeight: .81,
		Quantiles: map[string]float64{"0.1": 33, "0.9": 55, "0.95": 59}, Drivers: []presage.DemandDriver{{Name: "history", Mean: 44}},
		Override: &presage.DemandOverride{By: "Li", Mean: 60, Days: 30, Until: 20000, Why: "tender"},
		Stock:    presage.Stock{OnHand: 12, OnOrder: 4, Reserved: 3}, ReorderPoint: 15, OrderNow: 8,
		Advice: presage.ReorderAdvice{
			Policy: "fill_rate", Target: .975, OrderUpTo: 21, LeadTimeDays: 12, LeadTimeP90: 18, StockOutRisk: .234, DaysOfSupply: 8.9,
			Cost: presage.Money{Minor: 12800, Currency: "CNY"}, Excess: 3, ExcessValue: presage.Money{Minor: 4800, Currency: "CNY"},
			Transfers: []presage.Transfer{{From: "d2", To: "d1", Pieces: 2}},
		},
	}
	want := map[string]string{
		"mean":           "44 of 44 expected from history",
		"quantiles":      "In 8 of 10 cases 30 days take 33 to 55 pieces; 59 are enough in 95 of 100",
		"fleet_weight":   "Of what is not booked, 81% follows the vehicles' prognoses and 19% the history, by how well each has forecast so far",
		"override":       "Li expects 30 days to take 60 pieces (until 2024-10-04): tender. The advice follows that; the model says 44",
		"position":       "Position 13 = 12 on hand + 4 on order − 3 reserved",
		"reorder_point":  "Order when the position is below 15: orders take 12 days on average, 9 of 10 no more than 18, and 97.5% of the demand is served off the shelf",
		"order_now":      "The position of 13 is below the reorder point of 15: order 8 (2 packs of 4) to reach 23, for CNY 128.00",
		"stock_out_risk": "The shelf is empty before an order of today could arrive with a probability of 23%",
		"days_of_supply": "At the expected demand the stock lasts 8 days",
		"excess":         "On hand are 3 more than a year will take at 95%, worth CNY 48.00",
		"transfers":      "Move before ordering: from d2 to d1 2 pieces",
	}
	got := map[string]string{}
	for _, s := range maker(t).Forecast(f, presage.Part{PackSize: 4}) {
		got[s.Of] = s.Text.EN
		if s.Text.ZH == "" || s.Text.ZH == s.Text.EN || strings.Contains(s.Text.EN+s.Text.ZH, "%!") {
			t.Errorf("%s: %+v", s.Of, s.Text)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatDoesNotApplyIsLeftOut(t *testing.T) {
	t.Parallel()
	m := maker(t)
	if got := m.Forecast(presage.PartForecast{Part: "PAD", HorizonDays: 30}, presage.Part{}); len(got) != 1 || got[0].Of != "mean" {
		t.Errorf("a part without demand everywhere: %+v", got)
	}
	for want, f := range map[string]presage.PartForecast{
		"The position of 2 is not below the reorder point of 2: nothing to order now":   {ReorderPoint: 2, Stock: presage.Stock{OnHand: 2}},
		"The position of 0 is not below the reorder point of 0: nothing to order now":   {},
		"The position of 1 is below the reorder point of 2, yet nothing is ordered now": {ReorderPoint: 2, Stock: presage.Stock{OnHand: 1}},
		"Replaced by NEW: it is not ordered any more":                                   {Advice: presage.ReorderAdvice{ReplacedBy: "NEW"}},
	} {
		if got := m.Order(f, presage.Part{}).EN; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for weight, want := range map[float64]string{
		0: "No prognosis asks for the part: its history alone counts",
		1: "The part has no history to go by yet: the vehicles' prognoses alone count",
	} {
		got := m.Forecast(presage.PartForecast{Mean: 1, FleetWeight: weight}, presage.Part{})
		if got[1].Text.EN != want {
			t.Errorf("weight %v: %q", weight, got[1].Text.EN)
		}
	}
}
