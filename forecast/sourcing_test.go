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
