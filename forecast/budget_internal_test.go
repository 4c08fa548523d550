package forecast

import (
	"math"
	"testing"

	"presage"
)

// The demand of 10 days lies between horizons of 7 and 14: by hand.
func TestDemandOverALeadTime(t *testing.T) {
	t.Parallel()
	f := presage.PartForecast{
		Horizons: []presage.DemandStep{{Days: 7, Mean: 4, StdDev: 3}, {Days: 14, Mean: 11, StdDev: 5}},
	}
	for _, c := range []struct{ lead, mean, variance float64 }{
		{6, 4, 9}, {9, 7, 9 + 3.0/7*16}, {13, 11, 25}, {27, 22, 100},
	} {
		f.Advice.LeadTimeDays = c.lead
		got, err := overLead(f)
		if err != nil || math.Abs(got.Mean()-c.mean) > 1e-6 || math.Abs(got.Variance()-c.variance) > 1e-4 {
			t.Errorf("%v days: mean %v, variance %v, %v; want %v, %v", c.lead, got.Mean(), got.Variance(), err, c.mean, c.variance)
		}
	}
}

func TestBudgetLeavesOutWhatHasNoPrice(t *testing.T) {
	t.Parallel()
	b := budget{StockBudget: presage.StockBudget{Currency: "CNY", Money: 1000}}
	row := func(part string, mean float64, upTo int) presage.PartForecast {
		return presage.PartForecast{
			Part: part, DepotID: "d1", HorizonDays: 30, Mean: mean, StdDev: math.Sqrt(mean),
			Advice: presage.ReorderAdvice{LeadTimeDays: 29, OrderUpTo: upTo},
		}
	}
	for _, x := range []struct {
		f     presage.PartForecast
		price presage.Money
	}{
		{row("A", 2, 5), presage.Money{Minor: 100, Currency: "CNY"}},
		{row("B", 2, 5), presage.Money{Minor: 400, Currency: "CNY"}},
		{row("C", 2, 5), presage.Money{Minor: 100, Currency: "EUR"}},
		{row("D", 2, 5), presage.Money{}},
		{row("E", 0, 5), presage.Money{Minor: 100, Currency: "CNY"}},
	} {
		if err := b.add(x.f, x.price); err != nil {
			t.Fatal(err)
		}
	}
	b.spend()
	if b.Shelves != 2 || b.LeftOut != 2 || b.Planned.Value != 5*500 || b.Best.Value > 1000 {
		t.Errorf("%+v", b.StockBudget)
	}
	// Poisson counts of mean 2: P(D > 0) = 0.865, > 1: 0.594, > 2: 0.323, > 3: 0.143, > 4: 0.053. The cheap
	// part's first four do more for their price than the dear one's first (0.00216), its fifth less.
	if b.Items[0].Pieces < 4 || b.Items[1].Pieces != 1 {
		t.Errorf("levels %+v", b.Items)
	}
	if first, last := b.Curve[0], b.Curve[len(b.Curve)-1]; first.Fill != 0 || last.Fill < 0.9999 {
		t.Errorf("curve from %+v to %+v", first, last)
	}
}
