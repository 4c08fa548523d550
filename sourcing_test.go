package presage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"presage"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	out, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// works is a supplier in Berlin that dispatches from Monday to Friday, and not over Christmas.
func works() presage.PlanningParameters {
	return presage.PlanningParameters{
		Suppliers: []presage.Supplier{{
			ID: "nord", Name: "Nordbrake", Zone: "Europe/Berlin",
			Days:     []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
			Closures: []presage.DaysOff{{From: "2026-12-24", To: "2027-01-01"}},
		}},
		Sources: []presage.Source{{Part: "PAD", Supplier: "nord"}},
	}
}

// 2026-11-27 was a Friday. In Berlin a day begins at 23:00 UTC of the day before.
func TestSuppliersDispatchOnTheirDays(t *testing.T) {
	t.Parallel()
	s := works().Sourcing()
	for name, c := range map[string]struct{ ordered, dispatched string }{
		"on a day of work":               {"2026-11-27T10:00:00Z", "2026-11-27T10:00:00Z"},
		"Friday night there":             {"2026-11-27T22:59:00Z", "2026-11-27T22:59:00Z"},
		"Saturday there, Friday in UTC":  {"2026-11-27T23:00:00Z", "2026-11-29T23:00:00Z"},
		"Sunday":                         {"2026-11-29T10:00:00Z", "2026-11-29T23:00:00Z"},
		"over Christmas and the weekend": {"2026-12-24T10:00:00Z", "2027-01-03T23:00:00Z"},
	} {
		if got := s.Dispatch("nord", at(t, c.ordered)); !got.Equal(at(t, c.dispatched)) {
			t.Errorf("%s: dispatched at %v", name, got.UTC())
		}
	}
	if day := at(t, "2026-11-28T10:00:00Z"); !s.Dispatch("unknown", day).Equal(day) || s.Wait("nord", day) != 2 {
		t.Errorf("unknown %v, wait %d", s.Dispatch("unknown", day), s.Wait("nord", day))
	}
	part := presage.Part{Number: "PAD", LeadTimeDays: 3}
	if got := s.Arrives(part, "", at(t, "2026-11-28T10:00:00Z"), 14); !got.Equal(at(t, "2026-12-02T23:00:00Z")) {
		t.Errorf("arrives %v", got.UTC())
	}
	if by := s.SupplierOf("Nordbrake", "OIL"); by != "nord" || s.SupplierOf("", "OIL") != "" || s.SupplierOf("else", "PAD") != "" {
		t.Errorf("who was asked: %q", by)
	}
}

// Who orders later is never served sooner, and nothing leaves before it is ordered.
func TestDispatchNeverGoesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := works()
		p.Suppliers[0].Days = rapid.SliceOfNDistinct(rapid.SampledFrom([]time.Weekday{0, 1, 2, 3, 4, 5, 6}), 0, 7, rapid.ID[time.Weekday]).Draw(t, "days")
		p.Suppliers[0].Zone = rapid.SampledFrom([]string{"", "Asia/Shanghai", "America/New_York", "Pacific/Apia"}).Draw(t, "zone")
		s := p.Sourcing()
		first := time.Unix(rapid.Int64Range(1.78e9, 1.84e9).Draw(t, "first"), 0)
		later := first.Add(time.Duration(rapid.Int64Range(0, 40*86400).Draw(t, "later")) * time.Second)
		a, b := s.Dispatch("nord", first), s.Dispatch("nord", later)
		if a.Before(first) || b.Before(a) {
			t.Fatalf("ordered %v and %v, dispatched %v and %v", first, later, a, b)
		}
		if again := s.Dispatch("nord", a); !again.Equal(a) {
			t.Fatalf("dispatched at %v, which waits until %v", a, again)
		}
	})
}

// Every fault is told at once, by its place.
func TestSuppliersThatAreWrong(t *testing.T) {
	t.Parallel()
	p := works()
	p.Suppliers = append(p.Suppliers, presage.Supplier{
		ID: "nord", Name: "a\nb", Zone: "Mars/Olympus", Days: []time.Weekday{1, 1, 9},
		Closures: []presage.DaysOff{{From: "24.12."}, {From: "2026-12-24", To: "2026-12-23"}, {From: "2026-12-24", Note: "\x00"}},
	}, presage.Supplier{})
	p.Sources = append(p.Sources, presage.Source{Part: "PAD", Supplier: "nobody"}, presage.Source{Part: "NONE", Supplier: "nord"},
		presage.Source{Part: "PAD", Supplier: "nord", Price: presage.Money{Minor: 5, Currency: "USD"}, LeadTimeDays: 999, Lot: -1})
	err := p.Validate(&presage.Catalogue{Parts: []presage.Part{{Number: "PAD"}}}, nil)
	for _, want := range []string{
		"suppliers[1].id: invalid", "suppliers[1].name", "suppliers[1].zone", "suppliers[1].days: invalid: 9",
		"suppliers[1].closures[0]: invalid: from", "suppliers[1].closures[1]: invalid: to", "suppliers[1].closures[2].note",
		"suppliers[2].id", "sources[1].supplier", "sources[3]: invalid: source 0", "sources[2].part", "sources[3].price", "sources[3].lead_time_days",
		"sources[3].lot",
	} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("no word of %s in\n%v", want, err)
		}
	}
	if err := works().Validate(&presage.Catalogue{Parts: []presage.Part{{Number: "PAD"}}}, nil); err != nil {
		t.Error(err)
	}
}
