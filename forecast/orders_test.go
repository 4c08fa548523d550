package forecast_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"presage"
	"presage/forecast"
	"presage/forecast/stock"
)

// One piece is free and four are on their way: who needs two before they come
// waits. A asks when it fails, B when it accepts or fails; nothing else asks.
func TestOpenOrdersCountOnTheirDay(t *testing.T) {
	t.Parallel()
	both := func(days float64) float64 { // P(A and B ask within the days)
		a, b := worn("A", "", .3).FailWithin.By(days), worn("B", "", .5).FailWithin.By(days)
		accepts := 1 - math.Pow(.4, days/30)
		return a * (accepts + (1-accepts)*b)
	}
	tests := map[string]struct {
		part   string
		due    time.Duration
		closed bool
		want   float64
	}{
		"in 20 days":              {"P-PAD", 20 * 24 * time.Hour, false, both(20)},
		"within the 20th day":     {"P-PAD", 19*24*time.Hour + time.Hour, false, both(20)},
		"overdue by hours":        {"P-PAD", -20 * time.Hour, false, both(1)},
		"overdue by 6 days":       {"P-PAD", -6 * 24 * time.Hour, false, both(6)}, // as late again
		"overdue by 12 days":      {"P-PAD", -12 * 24 * time.Hour, false, both(12)},
		"of the superseded part":  {"P-OLD", 20 * 24 * time.Hour, false, both(20)},
		"of another part":         {"P-TYRE", 20 * 24 * time.Hour, false, 0},
		"received: on the shelf":  {"P-PAD", 20 * 24 * time.Hour, true, 0},
		"after an order of today": {"P-PAD", 40 * 24 * time.Hour, false, both(30)}, // 29 days and one of review
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := small()
			in.Catalogue = catalogue()
			in.Catalogue.Parts[0].Supersedes = []string{"P-OLD"}
			in.Stock[0].OnOrder = 4
			o := presage.PurchaseOrder{
				Part: tc.part, DepotID: "D1", Quantity: 4, OrderedAt: midnight().AddDate(0, 0, -9), ExpectedAt: midnight().Add(tc.due),
			}
			if tc.closed {
				o.ReceivedAt = midnight()
			}
			in.Orders = []presage.PurchaseOrder{o}
			if got := pads(t, in).Advice.StockOutRisk; math.Abs(got-tc.want) > 1e-5 { // the unpredicted rate is 1e-6
				t.Errorf("risk %v, want %v", got, tc.want)
			}
		})
	}
}

// Each further day on which an overdue order does not come raises the risk, whatever it is an order of.
func TestEachDayOverdueRaisesTheRisk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pieces, days := rapid.IntRange(1, 40).Draw(t, "pieces"), rapid.IntRange(2, 28).Draw(t, "days overdue")
		risk := func(late int) float64 {
			in := small()
			in.Catalogue = catalogue()
			in.Stock[0].OnOrder = pieces
			in.Orders = []presage.PurchaseOrder{{
				Part: "P-PAD", DepotID: "D1", Quantity: pieces, OrderedAt: midnight().AddDate(0, 0, -40),
				ExpectedAt: midnight().AddDate(0, 0, -late),
			}}
			plan, err := forecast.Plan(in)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(plan.Forecasts, func(f presage.PartForecast) bool { return f.Part == "P-PAD" && f.DepotID == "D1" })
			return plan.Forecasts[i].Advice.StockOutRisk
		}
		if before, now := risk(days-1), risk(days); now <= before {
			t.Fatalf("%d pieces, %d days overdue: risk %v, the day before %v", pieces, days, now, before)
		}
	})
}

// The catalogue says 29 days, what the orders say is added to four such.
func TestLeadTimesOfOrders(t *testing.T) {
	t.Parallel()
	ordered := midnight().AddDate(0, 0, -49)
	late, err := stock.DefaultLeadPrior(29).Learn(nil, []float64{49})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		expected, received time.Duration
		want               float64
	}{
		"not due":                 {50 * 24 * time.Hour, 0, 29},
		"overdue":                 {29 * 24 * time.Hour, 0, late.Mean()},
		"received by the pass":    {29 * 24 * time.Hour, 29*24*time.Hour + 25*time.Hour, 29},
		"received late":           {29 * 24 * time.Hour, 39 * 24 * time.Hour, (4*29 + 39) / 5.},
		"received early":          {29 * 24 * time.Hour, 24 * 24 * time.Hour, (4*29 + 24) / 5.},
		"received before ordered": {29 * 24 * time.Hour, -time.Hour, 29},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := presage.PurchaseOrder{Part: "P-PAD", OrderedAt: ordered, ExpectedAt: ordered.Add(tc.expected)}
			if tc.received != 0 {
				o.ReceivedAt = ordered.Add(tc.received)
			}
			in := small()
			in.Leads = forecast.LearnLeads([]presage.PurchaseOrder{o}, presage.Sourcing{}, midnight())
			if got := pads(t, in).Advice.LeadTimeDays; math.Abs(got-tc.want) > 1e-9 {
				t.Errorf("%v days, want %v", got, tc.want)
			}
		})
	}
	if late.Mean() <= 29 {
		t.Errorf("an overdue order made the lead time %v", late.Mean())
	}
}

// Twenty orders took 58 days: what is ordered now is promised for (4 x 29 + 20
// x 58) / 24 = 53.2 days, hence 54.
func TestServicePromisesTheLearntLeadTime(t *testing.T) {
	t.Parallel()
	m, now := smallStore(), midnight()
	for i := range 20 {
		at := midnight().AddDate(0, 0, -100-i)
		m.orders = append(m.orders, presage.PurchaseOrder{
			ID: "old", Part: "P-PAD", DepotID: "D1", Quantity: 1, OrderedAt: at,
			ExpectedAt: at.AddDate(0, 0, 29), ReceivedAt: at.AddDate(0, 0, 58),
		})
	}
	if r, err := service(t, m, true, &now).Run(t.Context()); err != nil || r.Ordered != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := m.orders[20].ExpectedAt; !got.Equal(now.AddDate(0, 0, 54)) {
		t.Errorf("promised for %v", got)
	}
}
