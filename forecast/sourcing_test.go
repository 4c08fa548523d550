package forecast_test

import (
	"math"
	"testing"
	"time"

	"presage"
	"presage/forecast"
)

// weekdays sells pads from Monday to Friday, UTC. midnight() begins a Saturday.
func weekdays() presage.PlanningParameters {
	return presage.PlanningParameters{
		Version:   1,
		Suppliers: []presage.Supplier{{ID: "nord", Days: []time.Weekday{1, 2, 3, 4, 5}}},
		Sources:   []presage.Source{{Part: "P-PAD", Supplier: "nord"}},
	}
}

// On Saturday the next review is on Sunday, whose order leaves on Monday: it covers 1 + 1 + 20 days.
// A asks when it fails, B when it accepts or fails; nothing else asks.
func TestProtectionIncludesTheWaitForTheSupplier(t *testing.T) {
	t.Parallel()
	in := small()
	in.Parameters, in.Catalogue.Parts[0].LeadTimeDays = weekdays(), 20
	f := pads(t, in)
	const days = 22
	a, b := worn("A", "", .3).FailWithin.By(days), worn("B", "", .5).FailWithin.By(days)
	accepts := 1 - math.Pow(.4, days/30.)
	want := a * (accepts + (1-accepts)*b) // both ask, and one piece is free
	if f.Advice.WaitDays != 1 || f.Advice.LeadTimeDays != 20 || f.Advice.Supplier != "nord" ||
		math.Abs(f.Advice.StockOutRisk-want) > 1e-5 {
		t.Errorf("risk %v, want %v: %+v", f.Advice.StockOutRisk, want, f.Advice)
	}
	in.Parameters.Suppliers[0].Closures = []presage.DaysOff{{From: "2026-11-23", To: "2027-01-08"}}
	if closed := pads(t, in); closed.Advice.WaitDays != 50 || closed.ReorderPoint < f.ReorderPoint {
		t.Errorf("until Monday 11 January: %+v", closed.Advice)
	}
}

// Ordered on Saturdays, sent on Mondays, twelve days later there: the lead time is of twelve days, not fourteen.
func TestLeadTimesCountFromDispatch(t *testing.T) {
	t.Parallel()
	from, in := weekdays().Sourcing(), small()
	in.Parameters = weekdays()
	var orders []presage.PurchaseOrder
	for week := range 20 {
		at := midnight().AddDate(0, 0, -7*(week+3))
		orders = append(orders, presage.PurchaseOrder{
			Part: "P-PAD", OrderedAt: at, ReceivedAt: at.AddDate(0, 0, 14), Supplier: "nord",
		})
	}
	in.Leads = forecast.LearnLeads(orders, from, midnight())
	if got, want := pads(t, in).Advice.LeadTimeDays, (4*29+20*12)/24.; math.Abs(got-want) > 1e-9 {
		t.Errorf("%v days, want %v", got, want)
	}
}

// An order of Saturday leaves on Monday and is promised for 29 days after that.
func TestServicePromisesFromDispatch(t *testing.T) {
	t.Parallel()
	m, now := smallStore(), midnight()
	m.Parameters = weekdays()
	if r, err := service(t, m, true, &now).Run(t.Context()); err != nil || r.Ordered != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := m.orders[0]; !got.ExpectedAt.Equal(now.AddDate(0, 0, 2+29)) || got.Supplier != "nord" {
		t.Errorf("ordered %+v", got)
	}
}

// two sell pads for 100 each in 29 days and for 110 in 2: the plan's own price is 100.
func two() forecast.Input {
	in := small()
	in.Catalogue.Parts[0].Cost = presage.Money{Minor: 10000, Currency: "EUR"}
	in.Parameters = presage.PlanningParameters{
		Version:   1,
		Suppliers: []presage.Supplier{{ID: "slow"}, {ID: "fast"}},
		Sources: []presage.Source{
			{Part: "P-PAD", Supplier: "fast", Price: presage.Money{Minor: 11000, Currency: "EUR"}, LeadTimeDays: 2, Lot: 3},
			{Part: "P-PAD", Supplier: "slow"},
		},
	}
	return in
}

// One piece is free and two may be asked for in 30 days: .25 are missing until the slow one delivers, and next to none
// until the fast one does. At a service of 95 % a piece that is lacking costs 19 times its holding for 29 days, .38 of
// its price: .25 x .38 is less than four pieces at a tenth more. At 99.9 % it is 999 times, 19.9 of its price.
func TestTheFasterSupplierWhereItIsWorthIt(t *testing.T) {
	t.Parallel()
	calm := pads(t, two())
	if a := calm.Advice; a.Supplier != "slow" || a.Sources[0].Why != presage.SourceCheapest || a.LeadTimeDays != 29 ||
		calm.OrderNow != 4 || a.Cost.Minor != 4*10000 {
		t.Errorf("calm: %d, %+v", calm.OrderNow, a)
	}
	in := two()
	in.Parameters.Rules = []presage.PlanningRule{{Part: "P-PAD", ServiceLevel: .999}}
	f := pads(t, in)
	now, usual := f.Advice.Chosen()
	if now.Supplier != "fast" || now.Why != presage.SourceUrgent || usual.Supplier != "slow" || now.Missing >= usual.Missing ||
		f.OrderNow%3 != 0 || f.Advice.Cost.Minor != int64(f.OrderNow)*11000 || f.Advice.LeadTimeDays != 29 {
		t.Errorf("urgent: %d, %+v", f.OrderNow, f.Advice)
	}
	// Levels are those of the supplier that is cheaper over a year; the faster one needs no more.
	if now.ReorderPoint > usual.ReorderPoint || f.ReorderPoint != usual.ReorderPoint {
		t.Errorf("reorder at %d; %+v, %+v", f.ReorderPoint, now, usual)
	}
	if at := f.Advice.Arrives("fast", midnight()); !at.Equal(midnight().AddDate(0, 0, 2)) {
		t.Errorf("arrives %v", at)
	}
}

// Each supplier's lead time is learnt from what it delivered.
func TestLeadTimesBySupplier(t *testing.T) {
	t.Parallel()
	in := two()
	var orders []presage.PurchaseOrder
	for i := range 20 {
		at := midnight().AddDate(0, 0, -100-i)
		orders = append(orders, presage.PurchaseOrder{Part: "P-PAD", OrderedAt: at, ReceivedAt: at.AddDate(0, 0, 5), Supplier: "fast"})
	}
	in.Leads = forecast.LearnLeads(orders, in.Parameters.Sourcing(), midnight())
	now, _ := pads(t, in).Advice.Chosen()
	for _, s := range pads(t, in).Advice.Sources {
		want := map[string]float64{"fast": (4*2 + 20*5) / 24., "slow": 29}[s.Supplier]
		if math.Abs(s.LeadTimeDays-want) > 1e-9 {
			t.Errorf("%s takes %v days, want %v", s.Supplier, s.LeadTimeDays, want)
		}
	}
	if now == nil {
		t.Error("nobody is chosen")
	}
}
